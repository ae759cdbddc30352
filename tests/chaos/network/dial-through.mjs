// Loaded into each node with --import: a connection to a port that CHAOS_ROUTES names goes to another port instead. The
// genesis gives members addresses where nobody listens; only through here does a node reach the proxy of its own link.
import { Socket } from 'node:net';

const routes = new Map(Object.entries(JSON.parse(process.env.CHAOS_ROUTES ?? '{}')));
const connect = Socket.prototype.connect;

Socket.prototype.connect = function connectThrough(...args) {
  // net.connect passes its normalised arguments as one array, whose first item is the options.
  const options = Array.isArray(args[0]) ? args[0][0] : args[0];
  const route = routes.get(String(options?.port));
  if (route !== undefined) options.port = route;
  return connect.apply(this, args);
};
