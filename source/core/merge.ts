/**
What lets streams, and single values, join while others are read. What joins when nobody reads waits for the next who does.
*/
export type Inlet<Value> = {
	/**
	A value, which comes before all that streams have.
	*/
	readonly say: (...values: readonly Value[]) => void;
	readonly admit: (source: AsyncIterable<Value>) => void;
	readonly isEmpty: () => boolean;

	/**
	For the reader: the next value, the streams that are new, and a promise of more.
	*/
	readonly nextValue: () => Value | undefined;
	readonly takeSources: () => ReadonlyArray<AsyncIterable<Value>>;
	readonly more: () => Promise<void>;
	readonly wake: () => void;
};

export function createInlet<Value>(): Inlet<Value> {
	const values: Value[] = [];
	let sources: Array<AsyncIterable<Value>> = [];
	let waiting: PromiseWithResolvers<void> | null = null;

	const wake = () => {
		waiting?.resolve();
		waiting = null;
	};

	return {
		say(...more) {
			values.push(...more);
			wake();
		},
		admit(source) {
			sources.push(source);
			wake();
		},
		isEmpty: () => values.length === 0 && sources.length === 0,
		nextValue: () => values.shift(),
		takeSources() {
			const taken = sources;
			sources = [];
			return taken;
		},
		async more() {
			waiting ??= Promise.withResolvers();
			return waiting.promise;
		},
		wake,
	};
}

type Arrival<Value> = {readonly iterator: AsyncIterator<Value>} & (
	{readonly result: IteratorResult<Value>} | {readonly error: unknown}
);

/**
The streams of an inlet as one, in the order their items arrive, until all have ended and no other has joined.

Each source has at most one item waiting, so a slow reader slows the sources down. Arrivals are queued instead of raced, since `Promise.race` leaves a reaction on every pending promise at each step. Leaving early asks the sources to end without waiting for one that is stuck: abort its signal as well.
*/
export async function* merge<Value>(
	inlet: Inlet<Value>,
): AsyncGenerator<Value, void, void> {
	const arrivals: Array<Arrival<Value>> = [];
	const open = new Set<AsyncIterator<Value>>();

	const pull = async (iterator: AsyncIterator<Value>) => {
		try {
			arrivals.push({iterator, result: await iterator.next()});
		} catch (error) {
			arrivals.push({iterator, error});
		}

		inlet.wake();
	};

	try {
		while (true) {
			const value = inlet.nextValue();

			if (value !== undefined) {
				yield value;
				continue;
			}

			for (const source of inlet.takeSources()) {
				const iterator = source[Symbol.asyncIterator]();
				open.add(iterator);
				void pull(iterator);
			}

			const arrival = arrivals.shift();

			if (!arrival) {
				if (open.size === 0) {
					return;
				}

				await inlet.more();
			} else if ('error' in arrival) {
				throw arrival.error;
			} else if (arrival.result.done) {
				open.delete(arrival.iterator);
			} else {
				yield arrival.result.value;
				void pull(arrival.iterator);
			}
		}
	} finally {
		for (const iterator of open) {
			void leave(iterator);
		}
	}
}

/**
Ask a stream to end without waiting for it; what it still throws is nobody's business.
*/
export async function leave(iterator: AsyncIterator<unknown>): Promise<void> {
	try {
		await iterator.return?.();
	} catch {
		// The reader has left.
	}
}
