import {keptBy} from './caching.js';
import {hasTakenOver, type RunState, type CallPicture} from './run-state.js';
import {type RunResult} from './result.js';
import {type SettledTurn, type Thread} from './thread.js';
import {
	commit,
	createTranscript,
	type Standing,
	type Transcript,
} from './transcript.js';
import {type World} from './world.js';

/**
Who speaks in a transcript. The same slot with another model or system prompt, as it is sent, is another speaker.
*/
export type TranscriptKey = {
	readonly id: string;
	readonly model: string;
	readonly system: string | null;
};

/**
What a run answered.
*/
export type GivenAnswer = SettledTurn & Pick<RunResult, 'runId' | 'status'>;

/**
The chat a person sees: settled turns in order, and each speaker's own transcript.
*/
export type Conversation = {
	readonly id: string;
	readonly thread: Thread;

	/**
	Every answer that there is, in order. For a question that has several, the thread has the one that counts.
	*/
	answers: readonly GivenAnswer[];

	/**
	How many questions were asked, settled or not.
	*/
	turn: number;
	previousRunId: string | null;

	/**
	The transcript of a speaker, an empty one where it has none.
	*/
	readonly transcriptOf: (speaker: TranscriptKey) => Transcript;
	readonly standingOf: (speaker: TranscriptKey) => Standing;

	/**
	Take back what was said since a question, but for these calls.
	*/
	readonly forget: (turn: number, kept: ReadonlySet<string>) => void;
};

export function createConversation(
	world: World,
	id: string = world.newId(),
): Conversation {
	const transcripts = new Map<string, Map<string, Transcript>>();

	return {
		id,
		get thread() {
			return threadOf(this.answers);
		},
		answers: [],
		turn: 0,
		previousRunId: null,
		transcriptOf(speaker) {
			const ofSlot =
				transcripts.get(speaker.id) ?? new Map<string, Transcript>();
			transcripts.set(speaker.id, ofSlot);
			const key = keyOf(speaker);
			const transcript = ofSlot.get(key) ?? createTranscript(world.newId());
			ofSlot.set(key, transcript);
			return transcript;
		},
		standingOf(speaker) {
			const ofSlot = transcripts.get(speaker.id);
			const hasSpoken = (transcript: Transcript | undefined) =>
				transcript !== undefined && transcript.exchanges.length > 0;

			return hasSpoken(ofSlot?.get(keyOf(speaker)))
				? 'kept'
				: ofSlot?.values().some(hasSpoken)
					? 'changed'
					: 'new';
		},
		forget(turn, kept) {
			for (const transcript of transcripts
				.values()
				.flatMap(ofSlot => ofSlot.values())) {
				transcript.exchanges = transcript.exchanges.filter(
					exchange => exchange.turn < turn || kept.has(exchange.callId),
				);
			}
		},
	};
}

const keyOf = ({model, system}: TranscriptKey) =>
	JSON.stringify([model, system]);

/**
A conversation as it stood after the last of these runs, each of which follows the one before (`previousRunId`). Those that belong to another conversation are what this one was forked from: their turns and transcripts are shared, under ids of its own.
*/
export function restoreConversation(
	world: World,
	id: string,
	runs: readonly RunState[],
): Conversation {
	const conversation = createConversation(world, id);

	for (const run of runs) {
		if (!run.start || !hasTakenOver(run)) {
			continue;
		}

		recall(conversation, run);

		if (run.result) {
			settle(conversation, run.result);
		}

		conversation.previousRunId = run.runId;
	}

	return conversation;
}

/**
Keep what was said in a run that came after all that the conversation holds.
*/
function recall(
	conversation: Conversation,
	{start, iterations, calls}: RunState,
): void {
	const {turn, consortium, conversationId, derivedFrom} = start!;
	const isOwn = conversationId === conversation.id;
	conversation.turn = turn;

	if (derivedFrom !== null) {
		const carried = new Set(
			calls
				.values()
				.filter(({carriedFrom}) => carriedFrom !== null)
				.map(({start: {callId}}) => callId),
		);

		conversation.forget(turn, carried);
	}

	for (const iteration of iterations) {
		for (const [index, call] of iteration.calls.entries()) {
			const {callId, speaker, message, transcriptId} = call.start;

			if (call.carriedFrom !== null) {
				continue;
			}

			const transcript = transcriptIn(conversation, call);

			if (isOwn) {
				transcript.id = transcriptId;
			}

			if (!isCommitted(call)) {
				continue;
			}

			const {text, native} = call.outcome!;
			const replaced = iteration.calls
				.slice(0, index)
				.filter(({start: before}) => before.speaker === speaker)
				.map(({start: before}) => before.callId);
			commit(
				transcript,
				{
					callId,
					turn,
					memory: consortium.memory,
					messages: [
						{role: 'user', parts: message},
						{role: 'assistant', text, native},
					],
					kept: keptBy(call),
				},
				replaced,
			);
		}
	}
}

const transcriptIn = (
	conversation: Conversation,
	{start: {speaker, model, system}}: CallPicture,
) => conversation.transcriptOf({id: speaker, model, system});

/**
Whether a call's message and answer are part of its transcript.
*/
export function isCommitted({start, outcome}: CallPicture): boolean {
	return (
		start.purpose === 'answer' &&
		(outcome?.state === 'answered' || outcome?.state === 'truncated')
	);
}

/**
Let the conversation know how a run ended, in the place of how it had ended before it was resumed.
*/
export function settle(
	conversation: Conversation,
	{runId, prompt, answer, status}: RunResult,
): void {
	const {turn, answers} = conversation;
	conversation.previousRunId = runId;
	conversation.answers = [
		...answers.filter(given => given.runId !== runId),
		...(answer === null
			? []
			: [{turn, question: prompt, answer, runId, status}]),
	];
}

/**
An answer takes the place of the one that was there for the same question, unless it comes from a run that was cut short, or is degraded where that one is not.
*/
function threadOf(answers: readonly GivenAnswer[]): Thread {
	const counting = new Map<number, GivenAnswer>();

	for (const answer of answers) {
		const {turn, status} = answer;
		const before = counting.get(turn);

		if (
			!before ||
			(status !== 'cancelled' &&
				(status !== 'degraded' || before.status === 'degraded'))
		) {
			counting.set(turn, answer);
		}
	}

	return counting
		.values()
		.map(({turn, question, answer}) => ({turn, question, answer}))
		.toArray();
}
