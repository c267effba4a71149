import {leave} from './merge.js';

/**
A stream that ends the moment `signal` aborts, also when its source ignores the signal: it throws the signal's reason and asks the source to end without waiting for it.
*/
export async function* abortable<Value>(
	source: AsyncIterable<Value>,
	signal: AbortSignal,
): AsyncGenerator<Value, void, void> {
	const iterator = source[Symbol.asyncIterator]();
	let giveUp: ((reason: unknown) => void) | undefined;

	const onAbort = () => {
		giveUp?.(signal.reason);
	};

	const next = async () =>
		new Promise<IteratorResult<Value>>((resolve, reject) => {
			giveUp = reject;
			// eslint-disable-next-line unicorn/prefer-then-catch -- resolve() does not throw, and this runs for every part.
			iterator.next().then(resolve, reject);
		});

	signal.addEventListener('abort', onAbort, {once: true});

	try {
		while (true) {
			signal.throwIfAborted();

			const result = await next();

			if (result.done) {
				return;
			}

			yield result.value;
		}
	} finally {
		signal.removeEventListener('abort', onAbort);
		void leave(iterator);
	}
}
