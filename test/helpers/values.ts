import {type RunEvent} from '../../source/core/events.js';
import {fakeModel, type FakeModel} from './fake-model.js';

/**
An answer that ends in this value.
*/
export const answerText = (
	value: string,
	confidence: number | null = null,
): string =>
	[
		`I found ${value}.`,
		`<final>${value}</final>`,
		...(confidence === null ? [] : [`<confidence>${confidence}</confidence>`]),
	].join('\n');

/**
Members `a`, `b`, … that answer with these values, each again and again.
*/
export function membersSaying(
	values: readonly string[],
): Record<string, FakeModel> {
	return Object.fromEntries(
		values.map((value, index) => {
			const name = nameOf(index);
			return [name, fakeModel([[answerText(value)]], {id: name})];
		}),
	);
}

export const nameOf = (index: number): string =>
	index < 26 ? String.fromCodePoint(97 + index) : `m${index}`;

/**
How many calls a cast has heard.
*/
export const callsTo = (cast: Readonly<Record<string, FakeModel>>): number =>
	Object.values(cast).reduce((sum, {heard}) => sum + heard.length, 0);

export const decisionsIn = (events: readonly RunEvent[]) =>
	events.filter(event => event.type === 'decision');

/**
The marks of a kind, with the instances that have them.
*/
export const marksIn = (events: readonly RunEvent[], mark: string) =>
	decisionsIn(events)
		.flatMap(({marks}) => marks)
		.filter(each => each.mark === mark);

/**
What an arbiter was told beside the answers, in its last message.
*/
export const briefIn = ({heard}: FakeModel, call = 0): string =>
	heard[call]!.messages.map(message =>
		message.role === 'user' ? message.parts.join('') : '',
	).join('');
