type Dispatcher = NonNullable<RequestInit['dispatcher']>;
type DispatcherClass = new (options: {
	headersTimeout: number;
	bodyTimeout: number;
}) => Dispatcher;

/**
Node's `fetch` without its own limits of 300 s for the headers and between two chunks, which a local model that reads a long prompt can exceed: how long to wait is the watchdog's decision.
*/
export function createPatientFetch(): typeof fetch {
	let dispatcher: Dispatcher | undefined;

	return async (url, init) => {
		dispatcher ??= createDispatcher();
		return fetch(url, {...init, ...(dispatcher && {dispatcher})});
	};
}

/**
Node does not export the class it sends requests with, but keeps an instance of it where every version of its HTTP client looks for one.
*/
function createDispatcher(): Dispatcher | undefined {
	const shared: unknown = Reflect.get(
		globalThis,
		Symbol.for('undici.globalDispatcher.1'),
	);

	if (typeof shared !== 'object' || shared === null) {
		return undefined;
	}

	const Agent = shared.constructor as DispatcherClass;
	return new Agent({headersTimeout: 0, bodyTimeout: 0});
}
