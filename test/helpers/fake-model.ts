import {setImmediate} from 'node:timers/promises';
import {ModelError, type Failure} from '../../source/core/failure.js';
import {
	unknownUsage,
	type Model,
	type ModelRequest,
	type PromptCache,
	type StopReason,
} from '../../source/core/model.js';

/**
What a fake says next: a text is streamed, `thinking` too, a failure is thrown, `wait` announces a retry of the provider's client, `hang` waits to be stopped, `deaf` ignores even that, and `length` or `blocked` end the reply early.
*/
export type Beat =
	| string
	| 'hang'
	| 'deaf'
	| {readonly failure: Failure}
	| {readonly thinking: string}
	| {readonly wait: Failure}
	| {readonly stop: StopReason};

export type FakeModel = Model & {readonly heard: ModelRequest[]};

export type FakeOptions = {
	readonly id?: string;
	readonly promptCache?: PromptCache;
	readonly costUsd?: number | null;
};

/**
A model that says its lines. Each call plays the next script, the last one again and again; `heard` keeps what it was sent.
*/
export function fakeModel(
	scripts: ReadonlyArray<readonly Beat[]>,
	{
		id = 'fake/model',
		costUsd = 0.01,
		promptCache = unknownCache,
	}: FakeOptions = {},
): FakeModel {
	const heard: ModelRequest[] = [];

	return {
		id,
		isSimulated: false,
		promptCache,
		refusalOf: () => null,
		heard,
		costOf: () => costUsd,
		async *call(request, signal) {
			const script = scripts[Math.min(heard.length, scripts.length - 1)] ?? [];
			heard.push(structuredClone(request));
			let stop: StopReason = 'done';
			yield {type: 'send'};

			for (const beat of script) {
				await setImmediate();
				signal.throwIfAborted();

				if (beat === 'deaf') {
					await new Promise(() => {});
				} else if (beat === 'hang') {
					await new Promise((_resolve, reject) => {
						signal.addEventListener('abort', () => {
							reject(new Error('Let go.'));
						});
					});
				} else if (typeof beat === 'string') {
					yield {type: 'text', text: beat};
				} else if ('thinking' in beat) {
					yield {type: 'thinking', text: beat.thinking};
				} else if ('wait' in beat) {
					yield {
						type: 'wait',
						attempt: 1,
						maxAttempts: 3,
						delayMs: 0,
						failure: beat.wait,
					};
				} else if ('stop' in beat) {
					stop = beat.stop;
				} else {
					throw new ModelError(beat.failure);
				}
			}

			yield {
				type: 'end',
				stop,
				usage: {...unknownUsage, inputTokens: 10, outputTokens: script.length},
				native: {protocol: 'fake', items: [heard.length]},
				resolvedModel: null,
				requestId: null,
			};
		},
	};
}

export const unknownCache: PromptCache = {
	kind: 'implicit',
	minimumTokens: null,
	lifetimeMs: null,
	isShared: false,
};

export function failure(overrides: Partial<Failure> = {}): Failure {
	return {
		kind: 'overloaded',
		message: 'The server is overloaded.',
		retryable: false,
		status: 503,
		requestId: null,
		...overrides,
	};
}
