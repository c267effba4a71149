/**
The verbs by which a person reaches into a run. Each is seen as a `control` event, and its effects as ordinary ones.

They return whether they were taken up: false when nothing runs, or when it is not the moment for them. What turns out to be impossible only after that, such as a swap to a model that is not there, is a `control` event with a `refusal`, and changes nothing.
*/
export type Verbs = {
	/**
	Stop one call; what it said so far is kept.
	*/
	readonly stop: (callId: string) => boolean;

	/**
	Stop every instance that still speaks and let the arbiter work with what is there. Its verdict ends the run.
	*/
	readonly answerNow: () => boolean;

	/**
	Ask an instance again, in the iteration that goes on: possible until the arbiter begins. One that still speaks is stopped first. The new answer takes the place of the one before; when none comes, that one still counts.
	*/
	readonly retry: (instance: string) => boolean;

	/**
	The same with another model (`provider/model`), which keeps the place for the rest of the run. It is told the whole question.
	*/
	readonly swap: (instance: string, model: string) => boolean;

	/**
	Let the arbiter weigh an answer no longer, from the next time it is called on. A run that ends without it is not degraded by that.
	*/
	readonly leaveOut: (callId: string) => boolean;
	readonly putBack: (callId: string) => boolean;
};

export type RunControl = Verbs & {
	/**
	For the engine: who does as the verbs say; null when a run is over.
	*/
	readonly attach: (run: Verbs | null) => void;
};

/**
The verbs for one run at a time, to be passed to it.

@example
```js
const control = createRunControl();
setTimeout(control.answerNow, 30_000);
await trio.run('Why is the sky blue?', {control});
```
*/
export function createRunControl(): RunControl {
	let run: Verbs | null = null;

	return {
		stop: callId => run?.stop(callId) ?? false,
		answerNow: () => run?.answerNow() ?? false,
		retry: instance => run?.retry(instance) ?? false,
		swap: (instance, model) => run?.swap(instance, model) ?? false,
		leaveOut: callId => run?.leaveOut(callId) ?? false,
		putBack: callId => run?.putBack(callId) ?? false,
		attach(next) {
			run = next;
		},
	};
}
