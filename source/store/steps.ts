/**
A long work on the log, in transactions that are short enough for others to write in between. Each step tells how many rows are done and which share of all, 0 to 1.
*/
export type Steps<Value> = Generator<
	{readonly rows: number; readonly share: number},
	Value,
	void
>;

/**
Take all the steps at once, and return what comes out of them.
*/
export function drained<Value>(steps: Steps<Value>): Value {
	for (;;) {
		const step = steps.next();

		if (step.done) {
			return step.value;
		}
	}
}
