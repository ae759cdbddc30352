import type { Block, Replica } from './state.ts';
import type { World } from './world.ts';

/** Why an action is not enabled, or null if it is. */
export type Refusal = string | null;

/** Something a replica may do: `can` is its guard, `go` what it changes. What it says, everybody may use for ever. */
export interface Action<Args extends readonly unknown[]> {
  readonly name: string;
  can(world: World, replica: Replica, ...args: Args): Refusal;
  go(world: World, replica: Replica, ...args: Args): void;
}

/** Takes an action if it is enabled. */
export function attempt<Args extends readonly unknown[]>(
  action: Action<Args>,
  world: World,
  replica: Replica,
  ...args: Args
): Refusal {
  const refusal = action.can(world, replica, ...args);
  if (refusal !== null) return refusal;
  world.log?.(`${replica.key} ${action.name} ${args.map(nameOf).join(' ')}`);
  action.go(world, replica, ...args);
  return null;
}

function nameOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(nameOf).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  if ('view' in value && 'block' in value) return `(${value.view}, ${(value.block as Block).name})`;
  if ('key' in value && 'high' in value) return `${value.key}: ${nameOf(value.high)}`;
  return 'name' in value ? String(value.name) : JSON.stringify(value);
}
