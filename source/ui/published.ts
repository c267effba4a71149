/**
What `useSyncExternalStore` asks for: the value of now, and word when there is another.
*/
export type Source<Value> = {
	readonly subscribe: (listener: () => void) => () => void;
	readonly snapshot: () => Value;
};

export type Published<Value> = Source<Value> & {
	/**
	Publish a value. One that is the same as before is not told to anyone.
	*/
	readonly publish: (value: Value) => void;
};

export function createPublished<Value>(first: Value): Published<Value> {
	const listeners = new Set<() => void>();
	let value = first;

	return {
		subscribe(listener) {
			listeners.add(listener);
			return () => {
				listeners.delete(listener);
			};
		},
		snapshot: () => value,
		publish(next) {
			if (Object.is(next, value)) {
				return;
			}

			value = next;

			for (const listener of listeners) {
				listener();
			}
		},
	};
}
