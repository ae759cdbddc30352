// Nothing that needs Node: the web page imports this entry.
export {
  type InspectedLine,
  type Inspection,
  inspectReceipt,
  type StepFaults,
  type Trust,
} from './receipt/inspect.ts';
