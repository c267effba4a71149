/**
Waits for a free place, and returns the function that gives it back. Rejects with the signal's reason when `signal` aborts first.
*/
export type Limit = (signal: AbortSignal) => Promise<() => void>;

/**
At most `places` calls in flight; the others wait in the order they came. The usual queues run a function to its end, which a stream that is read at the caller's pace does not fit.
*/
export function createLimit(places: number): Limit {
	const queue: Array<() => void> = [];
	let free = places;

	const giveBack = () => {
		let isHeld = true;

		return () => {
			if (!isHeld) {
				return;
			}

			isHeld = false;
			const next = queue.shift();

			if (next) {
				next();
			} else {
				free++;
			}
		};
	};

	return async signal => {
		signal.throwIfAborted();

		if (free > 0) {
			free--;
			return giveBack();
		}

		return new Promise((resolve, reject) => {
			const enter = () => {
				signal.removeEventListener('abort', leave);
				resolve(giveBack());
			};

			const leave = () => {
				queue.splice(queue.indexOf(enter), 1);
				reject(signal.reason as Error);
			};

			queue.push(enter);
			signal.addEventListener('abort', leave, {once: true});
		});
	};
}
