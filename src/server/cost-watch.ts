import type { Log } from '../common/log.js';
import type { Metrics } from './metrics.js';
import { MAX_COST } from './operation-cost.js';
import type { ReckonedCost } from './operation-limits.js';

/** Of a caller's own name for an operation, as much as tells it apart in the log. */
const MAX_NAME = 80;

/** Tells log and metrics what operations cost, so that the limit can be set by what is asked. */
export function costWatch(log: Log, metrics: Metrics): (reckoned: ReckonedCost) => void {
  return ({ operation, cost, rootFields, isRefused }) => {
    const { operation: type, name } = operation;
    metrics.observeCost(type, cost);
    const facts = { operation: name?.value.slice(0, MAX_NAME), type, cost, rootFields };
    if (isRefused) log.warn({ ...facts, most: MAX_COST }, 'graphql: an operation costs too much');
    else log.debug(facts, 'graphql: what an operation costs');
  };
}
