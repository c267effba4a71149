import {type Config} from '../config/config.js';
import {UserError} from '../core/user-error.js';
import {isLoopback, type Endpoint} from '../providers/endpoint.js';
import {endpointsOf, keyOf} from '../providers/endpoints.js';
import {presets, vendors} from '../providers/presets.js';
import {type Place} from './command.js';
import {adviceOn, keyRing, type KeyState} from './key-ring.js';

/**
A server that could be asked, and what is in the way of it.
*/
export type Server = {
	readonly endpoint: Endpoint;

	/**
	Whether a person added it to the configuration.
	*/
	readonly isAdded: boolean;

	/**
	A vendor's name in the price data; null for every other server.
	*/
	readonly seller: string | null;

	/**
	The environment variable that gives a vendor another address; null where none is set.
	*/
	readonly movedBy: string | null;
	readonly keyState: KeyState;

	/**
	What to do when it refuses the key, as a clause.
	*/
	readonly keyAdvice: string;

	/**
	Null when there is none; never shown.
	*/
	readonly key: string | null;

	/**
	Why its address cannot be used, and why its key cannot: none where one is asked for, or one that no key looks like.
	*/
	readonly addressProblem: UserError | null;
	readonly keyProblem: UserError | null;
};

/**
Vendors, presets and the servers that were added, in this order. One that was added takes the place of a preset.
*/
export async function serversOf(
	config: Config,
	{environment}: Pick<Place, 'environment'>,
): Promise<Server[]> {
	const ring = await keyRing({environment}, config);
	const advice = adviceOn(ring);
	const added = Object.entries(config.endpoints).map(([name, endpoint]) => ({
		name,
		...endpoint,
	}));
	const known = [
		...vendors.map(({seller, baseUrlEnv, ...endpoint}) => ({
			endpoint,
			seller,
			movedBy:
				(environment[baseUrlEnv] ?? '').trim() === '' ? null : baseUrlEnv,
			isAdded: false,
		})),
		...presets
			.filter(({name}) => !Object.hasOwn(config.endpoints, name))
			.map(endpoint => plainServer(endpoint, false)),
		...added.map(endpoint => plainServer(endpoint, true)),
	];

	return known.map(({endpoint, movedBy, ...rest}) => {
		const {name} = endpoint;
		const [usable, addressProblem] = attempt(() =>
			rest.isAdded
				? endpointsOf([endpoint]).get(name)
				: endpointsOf([], {
						[name]: movedBy === null ? null : environment[movedBy]!,
					}).get(name),
		);
		const keyState = ring.get(name) ?? noKey(name);
		const [key, keyProblem] = attempt(() =>
			keyOf(endpoint, {[name]: keyState.key}, advice),
		);

		return {
			...rest,
			endpoint: usable ?? endpoint,
			movedBy,
			keyState,
			keyAdvice: advice(endpoint).refused,
			key,
			addressProblem,
			keyProblem,
		};
	});
}

const plainServer = (endpoint: Endpoint, isAdded: boolean) => ({
	endpoint,
	isAdded,
	seller: null,
	movedBy: null,
});

const noKey = (provider: string): KeyState => ({
	provider,
	key: null,
	source: null,
	variables: [],
});

function attempt<Value>(
	work: () => Value | undefined,
): [Value | null, UserError | null] {
	try {
		return [work() ?? null, null];
	} catch (error) {
		if (error instanceof UserError) {
			return [null, error];
		}

		throw error;
	}
}

/**
A server on this machine whose models cost nothing.
*/
export function isLocal({endpoint, seller, addressProblem}: Server): boolean {
	return (
		seller === null && addressProblem === null && isLoopback(endpoint.baseUrl)
	);
}

/**
What to say where others can read the key of a server on its way; null where they cannot.
*/
export function readingWarning(baseUrl: string): string | null {
	return /^http:/i.test(baseUrl) && !isLoopback(baseUrl)
		? `${baseUrl} is not encrypted: the key and every question can be read on the way.`
		: null;
}

/**
Warn of it.
*/
export function warnIfReadable(
	baseUrl: string,
	{stderr}: Pick<Place, 'stderr'>,
): void {
	const warning = readingWarning(baseUrl);

	if (warning !== null) {
		stderr.write(`! ${warning}\n`);
	}
}

/**
Whether nothing is in the way of asking it.
*/
export function isAskable({addressProblem, keyProblem}: Server): boolean {
	return addressProblem === null && keyProblem === null;
}

/**
What is known of a key, in two words; never the key.
*/
export function keyText({source, variables}: KeyState): string {
	if (source !== null) {
		return source === 'stored' ? source : `from ${source}`;
	}

	return variables.length === 0 ? 'none needed' : 'missing';
}
