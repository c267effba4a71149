import {type CallPicture, type RunState} from './run-state.js';

/**
Every call that a run pays for, once: in the place of a consortium that spoke in it, the calls of its own run. What was taken over from another run was paid for there.
*/
export function paidCalls({calls}: RunState): CallPicture[] {
	return calls
		.values()
		.filter(({carriedFrom}) => carriedFrom === null)
		.flatMap(call => (call.nested ? paidCalls(call.nested) : [call]))
		.toArray();
}
