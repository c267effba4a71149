import {abortKindOf, type AbortKind} from './abort.js';
import {abortable} from './abortable.js';
import {type RunEventBody} from './events.js';
import {
	type BrokenAttempt,
	type CallOutcome,
	type CallState,
	type RunResult,
} from './result.js';
import {toFailure, type Failure} from './failure.js';
import {type Meter} from './meter.js';
import {
	unknownUsage,
	type Model,
	type ModelPart,
	type ModelRequest,
	type Usage,
} from './model.js';
import {valueOf} from './nested-reply.js';
import {withoutClosing} from './reading/final.js';
import {type World} from './world.js';

/**
How often a call whose stream broke is made again, on top of the retries of the provider's own client, which end with the first byte.
*/
const freshAttempts = 2;
const firstDelayMs = 500;

export type CallOptions = {
	readonly callId: string;
	readonly world: World;

	/**
	Of the run; when it aborts the call is cancelled.
	*/
	readonly runSignal: AbortSignal;

	/**
	Of this call alone; when it aborts the call is stopped and its text kept.
	*/
	readonly callSignal: AbortSignal;
	readonly meter: Meter;
};

/**
What a reply says beside its text, read from the text; nothing for an arbiter.
*/
export type ReadReply = (
	text: string,
	state: CallState,
) => Pick<CallOutcome, 'final' | 'confidence'>;

type End = Extract<ModelPart, {type: 'end'}>;

/**
One call to one model, told as events from the first request to the outcome it returns. It never throws for anything a provider does.

After a stream that broke the answer starts over: what had come is kept as a broken attempt.
*/
export async function* callModel(
	model: Model,
	request: ModelRequest,
	{read, ...options}: CallOptions & {readonly read: ReadReply},
): AsyncGenerator<RunEventBody, CallOutcome, void> {
	const {callId, world, runSignal, callSignal, meter} = options;
	const signal = AbortSignal.any([runSignal, callSignal]);
	const brokenAttempts: BrokenAttempt[] = [];
	const startedAt = world.now();
	let sentAt: number | null = null;
	let firstTokenMs: number | null = null;
	let text = '';
	let thinking = '';
	let isPaid = true;
	let nested: RunResult | null = null;

	const outcome = (
		state: CallState,
		end: End | null,
		failure: Failure | null,
		abort: AbortKind | null = null,
	): CallOutcome => {
		const usage = end?.usage ?? nested?.usage ?? unknownUsage;
		const said = read(text, state);
		const {stop, resolvedModel, requestId, native} = end ?? noEnd;
		// A member that is a consortium says and states what it came to.
		const stated = request.purpose === 'answer' ? nested : null;

		return {
			state,
			text,
			thinking,
			final: said.final ?? (stated && valueOf(stated)),
			confidence: said.confidence ?? stated?.confidence ?? null,
			failure,
			abort,
			stop,
			resolvedModel,
			requestId: requestId ?? failure?.requestId ?? null,
			native,
			usage,
			// A call that never left costs nothing.
			costUsd: sentAt === null ? 0 : costOf(model, usage, nested),
			firstTokenMs,
			durationMs: world.now() - (sentAt ?? startedAt),
			brokenAttempts,
		};
	};

	const aborted = (end: End | null) =>
		outcome(
			runSignal.aborted ? 'cancelled' : 'stopped',
			end,
			null,
			abortKindOf(signal),
		);

	const startOver = (failure: Failure, delayMs: number): RunEventBody => {
		const attempt = brokenAttempts.length + 1;
		brokenAttempts.push({attempt, text, thinking, failure});
		text = '';
		thinking = '';

		return {
			type: 'call-retry',
			callId,
			attempt,
			maxAttempts: freshAttempts + 1,
			delayMs,
			failure,
			startsOver: true,
		};
	};

	const open = () =>
		model.isConsortium
			? model.call(request, runSignal, callSignal)
			: abortable(model.call(request, signal), signal);

	for (let attempt = 1; ; attempt++) {
		try {
			let end: End | null = null;

			for await (const part of open()) {
				switch (part.type) {
					case 'send': {
						sentAt ??= world.now();
						yield {type: 'call-send', callId, attempt};
						break;
					}

					case 'text':
					case 'thinking': {
						sentAt ??= world.now();
						firstTokenMs ??= world.now() - sentAt;
						text += part.type === 'text' ? part.text : '';
						thinking += part.type === 'thinking' ? part.text : '';
						yield {
							type: 'call-delta',
							callId,
							channel: part.type,
							text: part.text,
						};
						isPaid = meter.note(part.text.length);
						break;
					}

					case 'nested': {
						nested = part.event.type === 'run-end' ? part.event.result : nested;
						yield {type: 'nested', parentCallId: callId, event: part.event};
						break;
					}

					case 'restart': {
						yield startOver(part.failure, 0);
						break;
					}

					case 'wait': {
						const {type, ...wait} = part;
						yield {type: 'call-retry', callId, ...wait, startsOver: false};
						break;
					}

					case 'end': {
						end = part;
						break;
					}
				}

				if (!isPaid) {
					return outcome('stopped', null, null, 'budget');
				}
			}

			if (signal.aborted) {
				return aborted(end);
			}

			return end
				? outcome(
						stateOf(
							end,
							request.purpose === 'answer' ? withoutClosing(text) : text,
						),
						end,
						null,
					)
				: outcome('failed', null, cutOff);
		} catch (error) {
			if (signal.aborted) {
				return aborted(null);
			}

			const failure = toFailure(error);

			if (!failure.retryable || attempt > freshAttempts || !meter.startOver()) {
				return outcome('failed', null, failure);
			}

			const delayMs = firstDelayMs * 2 ** (attempt - 1);
			yield startOver(failure, delayMs);
			await world.sleep(delayMs, signal);

			if (signal.aborted) {
				return aborted(null);
			}
		}
	}
}

/**
What a call cost in US dollars: where a consortium spoke, what its run did, which is unknown where a part of it is.
*/
function costOf(
	model: Model,
	usage: Usage,
	nested: RunResult | null,
): number | null {
	return model.isConsortium
		? nested?.costIsComplete === true
			? nested.costUsd
			: null
		: model.costOf(usage);
}

const noEnd = {
	stop: null,
	resolvedModel: null,
	requestId: null,
	native: null,
};

const cutOff: Failure = {
	kind: 'cut-off',
	message: 'The stream ended without saying that the answer was complete.',
	retryable: false,
	status: null,
	requestId: null,
};

function stateOf({stop}: End, text: string): CallState {
	if (stop === 'blocked') {
		return 'refused';
	}

	if (text.trim() === '') {
		return 'empty';
	}

	return stop === 'length' ? 'truncated' : 'answered';
}
