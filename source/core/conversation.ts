import {keptBy} from './caching.js';
import {hasTakenOver, type RunState, type CallPicture} from './run-state.js';
import {type RunResult} from './result.js';
import {type SettledTurn} from './thread.js';
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
The chat a person sees: settled turns in order, and each speaker's own transcript.
*/
export type Conversation = {
	readonly id: string;
	readonly thread: SettledTurn[];

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
};

export function createConversation(
	world: World,
	id: string = world.newId(),
): Conversation {
	const transcripts = new Map<string, Map<string, Transcript>>();

	return {
		id,
		thread: [],
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
	const results = new Map<string, RunResult>();

	for (const run of runs) {
		if (!run.start || !hasTakenOver(run)) {
			continue;
		}

		recall(conversation, run);

		if (run.result) {
			const earlier = results.get(run.start.derivedFrom ?? '') ?? null;
			settle(conversation, run.result, earlier);
			results.set(run.runId, run.result);
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

		for (const call of calls.values()) {
			forget(transcriptIn(conversation, call), turn, carried);
		}
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
Take back what was said in a turn, but for these calls.
*/
export function forget(
	transcript: Transcript,
	turn: number,
	kept: ReadonlySet<string>,
): void {
	transcript.exchanges = transcript.exchanges.filter(
		exchange => exchange.turn < turn || kept.has(exchange.callId),
	);
}

/**
Let the conversation know how a run ended. An answer takes the place of the one that was there for the same question, unless it comes from a run that was cut short, or is degraded where that one, `earlier`, was not.
*/
export function settle(
	conversation: Conversation,
	{runId, prompt, answer, status}: RunResult,
	earlier: RunResult | null,
): void {
	const {thread, turn} = conversation;
	const at = thread.findIndex(each => each.turn === turn);
	conversation.previousRunId = runId;

	if (answer === null) {
		return;
	}

	if (at === -1) {
		thread.push({turn, question: prompt, answer});
	} else if (
		status !== 'cancelled' &&
		(status !== 'degraded' || earlier?.status === 'degraded')
	) {
		thread[at] = {turn, question: prompt, answer};
	}
}
