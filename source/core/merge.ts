type Arrival<Value> = {readonly iterator: AsyncIterator<Value>} & (
	{readonly result: IteratorResult<Value>} | {readonly error: unknown}
);

/**
Several streams as one, in the order their items arrive.

Each source has at most one item waiting, so a slow reader slows the sources down. Arrivals are queued instead of raced, since `Promise.race` leaves a reaction on every pending promise at each step. Leaving early asks the sources to end without waiting for one that is stuck: abort its signal as well.
*/
export async function* merge<Value>(
	sources: ReadonlyArray<AsyncIterable<Value>>,
): AsyncGenerator<Value, void, void> {
	const arrivals: Array<Arrival<Value>> = [];
	const iterators = sources.map(source => source[Symbol.asyncIterator]());
	let wake: (() => void) | undefined;
	let open = iterators.length;

	const pull = async (iterator: AsyncIterator<Value>) => {
		try {
			arrivals.push({iterator, result: await iterator.next()});
		} catch (error) {
			arrivals.push({iterator, error});
		}

		wake?.();
	};

	for (const iterator of iterators) {
		void pull(iterator);
	}

	try {
		while (open > 0) {
			if (arrivals.length === 0) {
				const {promise, resolve} = Promise.withResolvers<void>();
				wake = resolve;
				await promise;
			}

			const arrival = arrivals.shift()!;

			if ('error' in arrival) {
				throw arrival.error;
			}

			if (arrival.result.done) {
				open--;
			} else {
				yield arrival.result.value;
				void pull(arrival.iterator);
			}
		}
	} finally {
		for (const iterator of iterators) {
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
