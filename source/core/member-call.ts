import {callModel} from './call.js';
import {type Instance} from './consortium.js';
import {parseConfidence} from './reading/confidence.js';
import {type RunEventBody} from './events.js';
import {parseFinal} from './reading/final.js';
import {type Message} from './model.js';
import {answersOf, type CallPicture} from './run-state.js';
import {type Step} from './strategy.js';
import {
	commit,
	nextParts,
	questionFor,
	toldBefore,
	type Transcript,
} from './transcript.js';
import {instanceOf, type Turn} from './turn.js';

export type MemberAsk = Extract<Step, {type: 'ask'}>['ask'][number];

type MemberRequest = {
	readonly transcript: Transcript;
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
	{message}: MemberAsk,
	{
		speaker,
		replaced,
	}: {readonly speaker: Instance; readonly replaced: readonly CallPicture[]},
): MemberRequest {
	const transcript = conversation.transcriptOf(speaker);
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
		messages: [
			...told.flatMap(({messages}) => messages),
			{role: 'user', parts},
		],
		parts,
		extends: last?.callId ?? null,
	};
}

/**
Ask one instance, in its own transcript. `replaced` are the calls whose place this one takes, where it is asked again.
*/
export async function* askMember(
	turn: Turn,
	ask: MemberAsk,
	iteration: number,
	replaced: readonly CallPicture[] = [],
): AsyncGenerator<RunEventBody, void, void> {
	const {world, conversation, consortium, signal} = turn;
	const {system, templateHash} = ask;
	const speaker = instanceOf(turn, ask.instance);
	const {model, options} = speaker;
	const request = memberRequest(turn, ask, {speaker, replaced});
	const {transcript, messages, parts} = request;
	const callId = world.newId();
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
			turn.models.get(model)!,
			{
				system,
				messages,
				options,
				purpose: 'answer',
				transcriptId: transcript.id,
			},
			{
				callId,
				world,
				runSignal: signal,
				callSignal: call.signal,
				read: text => ({
					final: parseFinal(text),
					confidence: parseConfidence(text),
				}),
			},
		);
		call.finish();

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
				},
				idsOf(replaced),
			);
		}

		yield {type: 'call-end', ...about, outcome, committed};
	} finally {
		call.close();
	}
}

const idsOf = (calls: readonly CallPicture[]) =>
	calls.map(({start}) => start.callId);

/**
How many instances have answered in the present iteration.
*/
export function answeredCount({run}: Turn): number {
	const iteration = run.iterations.at(-1);

	return iteration
		? answersOf(iteration).filter(
				({state, isLeftOut}) => state === 'answered' && !isLeftOut,
			).length
		: 0;
}
