import {type MemoryMode} from './consortium.js';
import {type Message} from './model.js';
import {fill, type Templates} from './template.js';
import {threadText, type Thread} from './thread.js';

/**
One speaker's own part in a conversation: what it was told together with what it answered, in order. Nothing else is kept: what got no answer is said again with the next message.
*/
export type Transcript = {
	id: string;
	exchanges: readonly Exchange[];
};

/**
How a speaker stands to a conversation before a run. `new`: it has said nothing in it. `changed`: it has, with another model or system prompt, and starts anew from the questions and final answers. `kept`: it goes on in its transcript.
*/
export type Standing = 'new' | 'changed' | 'kept';

/**
A message and its answer, with the call that made them.
*/
export type Exchange = {
	readonly callId: string;

	/**
	Which question of the conversation, counted from 1.
	*/
	readonly turn: number;
	readonly memory: MemoryMode;
	readonly messages: readonly [Message, Message];

	/**
	Up to which part of its message the provider was to keep the prefix, and until when, in milliseconds since the epoch. Null when it was not.
	*/
	readonly kept: {readonly part: number; readonly until: number} | null;
};

export function createTranscript(id: string): Transcript {
	return {id, exchanges: []};
}

/**
What the next request of a turn begins with. What was sent once is sent again byte for byte, so that the provider's prompt cache serves it. Outside `reply` memory it is the latest exchange of each turn before.

`replaced` are calls that the next one takes the place of: their exchanges are not told.
*/
export function toldBefore(
	{exchanges}: Transcript,
	turn: number,
	replaced: readonly string[],
): Exchange[] {
	const kept = exchanges.filter(({callId}) => !replaced.includes(callId));

	return kept.filter(
		(exchange, index) =>
			exchange.memory === 'reply' ||
			(exchange.turn !== turn && kept[index + 1]?.turn !== exchange.turn),
	);
}

/**
Keep a message together with its answer, in the place of those it replaces.
*/
export function commit(
	transcript: Transcript,
	exchange: Exchange,
	replaced: readonly string[],
): void {
	transcript.exchanges = [
		...transcript.exchanges.filter(({callId}) => !replaced.includes(callId)),
		exchange,
	];
}

/**
What a strategy wants an instance to be told: the question of this turn, and what there is to say about the answers so far.
*/
export type Ask = {readonly question: string; readonly feedback: string | null};

/**
The new question, after whatever the consortium settled since this speaker last answered.
*/
export function questionFor(
	told: readonly Exchange[],
	question: string,
	{thread, templates}: {readonly thread: Thread; readonly templates: Templates},
): string {
	const last = told.at(-1)?.turn ?? 0;
	const untold = thread.filter(({turn}) => turn >= last);

	return untold.length === 0
		? question
		: fill(templates['follow-up'], {
				thread: threadText(untold, untold[0]!.turn === last),
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
