import {callModel} from './call.js';
import {parseConfidence} from './reading/confidence.js';
import {type RunEventBody} from './events.js';
import {parseFinal} from './reading/final.js';
import {type Message} from './model.js';
import {answersOf} from './run-state.js';
import {type Step} from './strategy.js';
import {commit, nextParts, questionFor, type Transcript} from './transcript.js';
import {type Turn} from './turn.js';

export type MemberAsk = Extract<Step, {type: 'ask'}>['ask'][number];

/**
The request an instance would be sent: its transcript, then the new message.
*/
export function memberMessages(
	turn: Turn,
	{instance, message}: MemberAsk,
): {readonly transcript: Transcript; readonly parts: readonly string[]} {
	const {conversation, consortium, templates} = turn;
	const speaker = turn.instances.find(({id}) => id === instance)!;
	const transcript = conversation.transcriptOf(speaker);
	const question = questionFor(transcript, message.question, {
		thread: conversation.thread,
		templates,
	});

	return {
		transcript,
		parts: nextParts(
			{question, feedback: message.feedback},
			transcript.answeredTurn === conversation.turn,
			consortium.memory,
		),
	};
}

/**
Ask one instance, in its own transcript.
*/
export async function* askMember(
	turn: Turn,
	ask: MemberAsk,
	iteration: number,
): AsyncGenerator<RunEventBody, void, void> {
	const {world, control, conversation, consortium, signal} = turn;
	const {system, templateHash} = ask;
	const {model, options} = turn.instances.find(({id}) => id === ask.instance)!;
	const {transcript, parts} = memberMessages(turn, ask);
	const message: Message = {role: 'user', parts};
	const callId = world.newId();
	const purpose = 'answer';
	const transcriptId = transcript.id;

	yield {
		type: 'call-start',
		callId,
		iteration,
		speaker: ask.instance,
		purpose,
		model,
		transcriptId,
		system,
		options,
		templateHash,
		message: parts,
		extends: transcript.tip,
		labels: null,
	};

	const outcome = yield* callModel(
		turn.models.get(model)!,
		{
			system,
			messages: [...transcript.messages, message],
			options,
			purpose,
			transcriptId,
		},
		{
			callId,
			world,
			runSignal: signal,
			callSignal: control.open(callId, true),
			read: text => ({
				final: parseFinal(text),
				confidence: parseConfidence(text),
			}),
		},
	);
	control.close(callId);

	const {state, text, native} = outcome;
	const committed = state === 'answered' || state === 'truncated';

	if (committed) {
		commit(
			transcript,
			{callId, messages: [message, {role: 'assistant', text, native}]},
			{memory: consortium.memory, turn: conversation.turn},
		);
	}

	yield {
		type: 'call-end',
		callId,
		iteration,
		speaker: ask.instance,
		purpose,
		outcome,
		committed,
	};
}

/**
How many instances have answered in the present iteration.
*/
export function answeredCount({run}: Turn): number {
	const iteration = run.iterations.at(-1);

	return iteration
		? answersOf(iteration).filter(({state}) => state === 'answered').length
		: 0;
}
