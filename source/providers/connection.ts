import {type Endpoint} from './endpoint.js';
import {type Limit} from './limits.js';
import {type Prices} from './prices.js';

export type CallSettings = {
	/**
	How often the client tries again before the first byte of a reply.
	*/
	readonly maxRetries: number;

	/**
	The longest wait a server may ask for, in milliseconds; one that asks for more fails at once. At most 60 000: above that the client does not listen.
	*/
	readonly longestWaitMs: number;

	/**
	Milliseconds until the first byte of a reply; null for what suits the server and the effort.
	*/
	readonly firstMs: number | null;

	/**
	Milliseconds between two bytes of a reply.
	*/
	readonly idleMs: number;

	/**
	Milliseconds that a reply which has given its reason to finish is still listened to, for the use that may follow.
	*/
	readonly afterFinishMs: number;
};

export const callSettings: CallSettings = {
	maxRetries: 2,
	longestWaitMs: 60_000,
	firstMs: null,
	idleMs: 90_000,
	afterFinishMs: 5000,
};

/**
One model on one server, and all it takes to call it.
*/
export type Connection = {
	/**
	The provider part of `provider/model`.
	*/
	readonly provider: string;

	/**
	The server's own name for the model.
	*/
	readonly model: string;
	readonly baseUrl: string;
	readonly api: Endpoint['api'];

	/**
	Null for a server that asks for none.
	*/
	readonly key: string | null;

	/**
	What to do when the server refuses the key, as a clause.
	*/
	readonly keyAdvice: string;

	/**
	The vendor's name in the price data; null for every other server. Only a vendor may see what the environment holds for it.
	*/
	readonly seller: string | null;
	readonly settings: CallSettings;
	readonly limit: Limit;
	readonly prices: Prices;
	readonly random: () => number;
	readonly fetch: typeof fetch;
};
