import {type ModelOptions} from '../core/model.js';
import {type CallSettings} from './connection.js';
import {isLoopback} from './endpoint.js';

/**
How long a server may be silent.
*/
export type Patience = {
	/**
	Milliseconds from sending a request to the first byte of the reply.
	*/
	readonly firstMs: number;

	/**
	Milliseconds between two bytes of the reply.
	*/
	readonly idleMs: number;
};

/**
What the settings say, or else what suits the call: a model on this machine has to be loaded and to read the whole prompt before its first word, and one that thinks hard is silent meanwhile.
*/
export function patienceFor(
	{baseUrl, settings}: {baseUrl: string; settings: CallSettings},
	{effort}: ModelOptions,
): Patience {
	const isSlow =
		isLoopback(baseUrl) ||
		effort === 'high' ||
		effort === 'xhigh' ||
		effort === 'max';

	return {
		firstMs: settings.firstMs ?? (isSlow ? 600_000 : 180_000),
		idleMs: settings.idleMs,
	};
}
