import {chargeOf} from './allowance.js';
import {type MemberAsk} from './asking.js';
import {hintsFor, keptBy, keptPrefix, memberPrefix} from './caching.js';
import {callModel} from './call.js';
import {type Instance} from './consortium.js';
import {forecastUsd} from './limits.js';
import {createMeter} from './meter.js';
import {parseConfidence} from './reading/confidence.js';
import {type RunEventBody} from './events.js';
import {parseFinal} from './reading/final.js';
import {type Message} from './model.js';
import {type CallPicture} from './run-state.js';
import {
	commit,
	nextParts,
	questionFor,
	toldBefore,
	type Exchange,
	type Transcript,
} from './transcript.js';
import {instanceOf, type Turn} from './turn.js';

/**
A call that money was set aside for, in US dollars, before it is made.
*/
export type Granted = {readonly callId: string; readonly usd: number};

type MemberRequest = {
	readonly transcript: Transcript;
	readonly told: readonly Exchange[];
	readonly messages: readonly Message[];
	readonly parts: readonly string[];

	/**
	The call that stands right before the new message.
	*/
	readonly extends: string | null;
};

/**
The request an instance would be sent: its transcript, then the new message, whose parts are also there by themselves. `replaced` are the calls whose place the new one takes.
*/
export function memberRequest(
	{conversation, consortium, templates, thread}: Turn,
	{message, system}: MemberAsk,
	{
		speaker: {id, model},
		replaced,
	}: {readonly speaker: Instance; readonly replaced: readonly CallPicture[]},
): MemberRequest {
	const transcript = conversation.transcriptOf({id, model, system});
	const told = toldBefore(transcript, conversation.turn, idsOf(replaced));
	const last = told.at(-1);
	const question = questionFor(told, message.question, {thread, templates});
	const parts = nextParts(
		{question, feedback: message.feedback},
		last?.turn === conversation.turn,
		consortium.memory,
	);

	return {
		transcript,
		told,
		messages: [
			...told.flatMap(({messages}) => messages),
			{role: 'user', parts},
		],
		parts,
		extends: last?.callId ?? null,
	};
}

/**
What an instance's answer is expected to cost, in US dollars.
*/
export function priceOfAsk(
	turn: Turn,
	ask: MemberAsk,
	as: {
		readonly speaker: Instance;
		readonly replaced: readonly CallPicture[];
	},
): number {
	const {messages} = memberRequest(turn, ask, as);
	const {model, options} = as.speaker;

	return (
		forecastUsd(
			turn.models.get(model)!,
			JSON.stringify([ask.system, messages]).length,
			options['maxTokens'],
		) ?? 0
	);
}

/**
Ask one instance, in its own transcript. `replaced` are the calls whose place this one takes, where it is asked again.
*/
export async function* askMember(
	turn: Turn,
	ask: MemberAsk,
	iteration: number,
	{
		callId,
		usd,
		replaced = [],
		isShared = false,
	}: Granted & {
		readonly replaced?: readonly CallPicture[];

		/**
		Others are sent the same, and read what this one had kept.
		*/
		readonly isShared?: boolean;
	},
): AsyncGenerator<RunEventBody, void, void> {
	const {world, conversation, consortium, signal, allowance} = turn;
	const {system, templateHash} = ask;
	const speaker = instanceOf(turn, ask.instance);
	const {model, options} = speaker;
	const port = turn.models.get(model)!;
	const request = memberRequest(turn, ask, {speaker, replaced});
	const {transcript, told, messages, parts} = request;
	const {hints, told: cache} = hintsFor(
		port.promptCache,
		memberPrefix({
			memory: consortium.memory,
			message: {index: messages.length - 1, parts: parts.length},
			isMoreExpected: isShared || isMoreExpected(turn, iteration),
			kept: keptPrefix(transcript.exchanges, told, world.now()),
		}),
		{
			transcriptId: transcript.id,
			newMessage: messages.length - 1,
			hasMarkers: turn.caching.hasMarkers,
		},
	);
	const about = {
		callId,
		iteration,
		speaker: ask.instance,
		purpose: 'answer',
	} as const;
	const call = turn.calls.open(callId, 'member');

	try {
		yield {
			type: 'call-start',
			...about,
			model,
			transcriptId: transcript.id,
			system,
			options,
			templateHash,
			message: parts,
			extends: request.extends,
			labels: null,
			cache,
			reservedUsd: usd,
		};

		const before = replaced.at(-1)?.start.model ?? model;

		if (before !== model) {
			yield {
				type: 'call-mark',
				callId,
				mark: 'swapped-in',
				reason: `A person put ${model} in the place of ${before}.`,
			};
		}

		const outcome = yield* callModel(
			port,
			{
				system,
				messages,
				options,
				purpose: 'answer',
				transcriptId: transcript.id,
				cache: hints,
			},
			{
				callId,
				world,
				runSignal: signal,
				callSignal: call.signal,
				meter: createMeter(allowance, port, {
					callId,
					usd,
					maxTokens: options['maxTokens'],
				}),
				read: (text, state) => ({
					final: parseFinal(text, state !== 'answered'),
					confidence: parseConfidence(text),
				}),
			},
		);
		call.finish();
		allowance.settle(callId, chargeOf(port, outcome, usd));

		const {state, text, native} = outcome;
		const committed = state === 'answered' || state === 'truncated';

		if (committed) {
			commit(
				transcript,
				{
					callId,
					turn: conversation.turn,
					memory: consortium.memory,
					messages: [
						{role: 'user', parts},
						{role: 'assistant', text, native},
					],
					kept: keptBy(turn.run.calls.get(callId)!),
				},
				idsOf(replaced),
			);
		}

		yield {type: 'call-end', ...about, outcome, committed};
	} finally {
		giveBack(turn, callId);
		call.close();
	}
}

/**
Settle a call that nobody wants to hear the end of: one that was not sent costs nothing.
*/
export function giveBack({allowance, run}: Turn, callId: string): void {
	allowance.settle(
		callId,
		(run.calls.get(callId)?.sentAt ?? null) === null ? 0 : null,
	);
}

/**
Whether another request will probably begin with what this one says.
*/
function isMoreExpected(
	{consortium, caching}: Turn,
	iteration: number,
): boolean {
	return iteration < consortium.maxIterations || caching.isFollowUpLikely;
}

const idsOf = (calls: readonly CallPicture[]) =>
	calls.map(({start}) => start.callId);
