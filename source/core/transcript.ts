import {type MemoryMode} from './consortium.js';
import {type Message} from './model.js';
import {fill, type Templates} from './template.js';
import {threadText, type Thread} from './thread.js';

/**
One speaker's own message list in a conversation, append-only. What was sent once is sent again byte for byte, so that the provider's prompt cache serves it.
*/
export type Transcript = {
	readonly id: string;

	/**
	What every further request begins with.
	*/
	readonly messages: Message[];

	/**
	The call that `messages` ends with; null while there is none.
	*/
	tip: string | null;

	/**
	Outside `reply` memory: the latest exchange of a turn, which joins `messages` when the next turn begins.
	*/
	pending: Exchange | null;

	/**
	The latest turn in which this speaker answered, counted from 1; 0 before the first.
	*/
	answeredTurn: number;
};

/**
A message and its answer, with the call that made them.
*/
export type Exchange = {
	readonly callId: string;
	readonly messages: readonly [Message, Message];
};

export function createTranscript(id: string): Transcript {
	return {id, messages: [], tip: null, pending: null, answeredTurn: 0};
}

/**
What a strategy wants an instance to be told: the question of this turn, and what there is to say about the answers so far.
*/
export type Ask = {readonly question: string; readonly feedback: string | null};

/**
The new question, after whatever the consortium settled since this speaker last answered.
*/
export function questionFor(
	{answeredTurn}: Transcript,
	question: string,
	{thread, templates}: {readonly thread: Thread; readonly templates: Templates},
): string {
	const untold = thread.slice(Math.max(0, answeredTurn - 1));

	return untold.length === 0
		? question
		: fill(templates['follow-up'], {
				thread: threadText(untold, answeredTurn > 0),
				question,
			});
}

/**
The next user message, in parts with the stable one first.

`reply`: the feedback alone, or question and feedback in one when the question never got an answer, so that roles always alternate. `lean`: question and feedback as two parts. `rebuild`: both in one part.
*/
export function nextParts(
	{question, feedback}: Ask,
	isAsked: boolean,
	memory: MemoryMode,
): readonly string[] {
	if (feedback === null) {
		return [question];
	}

	if (memory === 'lean') {
		return [question, feedback];
	}

	return [
		memory === 'reply' && isAsked ? feedback : `${question}\n\n${feedback}`,
	];
}

/**
Let the latest exchange of the turn before become part of what every request begins with.
*/
export function beginTurn(transcript: Transcript): void {
	if (transcript.pending) {
		append(transcript, transcript.pending);
		transcript.pending = null;
	}
}

/**
Keep a message together with its answer. Nothing else is ever kept: what got no answer is said again with the next message.
*/
export function commit(
	transcript: Transcript,
	exchange: Exchange,
	{memory, turn}: {readonly memory: MemoryMode; readonly turn: number},
): void {
	if (memory === 'reply') {
		append(transcript, exchange);
	} else {
		transcript.pending = exchange;
	}

	transcript.answeredTurn = turn;
}

function append(transcript: Transcript, {callId, messages}: Exchange): void {
	transcript.messages.push(...messages);
	transcript.tip = callId;
}
