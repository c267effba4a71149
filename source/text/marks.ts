import {type RunState} from '../core/run-state.js';
import {lastingMarks, type Mark} from '../core/strategy.js';
import {cleaned} from './cleaner.js';
import {cut} from './columns.js';

/**
What there is to say about an instance beside what it does: a word or two, and a sentence.
*/
export type ShownMark = {readonly word: string; readonly text: string};

/**
What is known of the instance itself, which needs no decision.
*/
const own: ReadonlySet<string> = new Set(['role', 'weight']);

const longestRole = 16;

/**
The marks of an instance as they stand now: first what was said of it in this iteration, then what stays, then its role and its weight.
*/
export function marksOf(run: RunState, instance: string): ShownMark[] {
	const given = (run.marks.get(instance) ?? []).filter(
		({mark}) => !own.has(mark),
	);
	const lasts = ({mark}: Mark) => lastingMarks.has(mark);

	return [
		...[
			...given.filter(each => !lasts(each)),
			...given.filter(each => lasts(each)),
		].map(each => ({word: wordOf(each), text: each.text})),
		...ownMarks(run, instance),
	];
}

/**
The marks of an instance that were decided on in an iteration, in sentences.
*/
export function markTexts(
	{decisions}: RunState,
	instance: string,
	iteration: number,
): string[] {
	return decisions
		.filter(each => each.iteration === iteration)
		.flatMap(({marks}) => marks)
		.filter(each => each.instance === instance)
		.map(({text}) => text);
}

/**
Why an instance is not asked in the present iteration, in a sentence: what was decided about it, or what was decided about those who are; null when nothing tells.
*/
export function notAskedBecause(
	run: RunState,
	instance: string,
): string | null {
	const about = marksOf(run, instance).find(({word}) =>
		['spared', 'eliminated'].includes(word),
	);

	return (
		about?.text ??
		run.decisions.findLast(
			({action, marks}) =>
				action === 'ask' && marks.every(({mark}) => mark !== 'hedged'),
		)?.reason ??
		null
	);
}

function wordOf({mark, text}: Mark): string {
	const tier = mark === 'tier' ? /^Tier (\d+)/v.exec(text)?.[1] : undefined;
	return tier === undefined ? mark : `${mark} ${tier}`;
}

function ownMarks({start}: RunState, instance: string): ShownMark[] {
	const {role = null, weight = 1} =
		start?.instances.find(({id}) => id === instance) ?? {};
	const name = cleaned(role ?? '').trim();
	const times = String(Number(weight.toFixed(2)));

	return [
		...(name === ''
			? []
			: [{word: cut(name, longestRole), text: `Its role: ${name}`}]),
		...(weight === 1
			? []
			: [{word: `×${times}`, text: `Its word counts ${times}.`}]),
	];
}
