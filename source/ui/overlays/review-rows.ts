import {durationText, momentText} from '../../text/phrases.js';
import {type DoubtEntry, type ProposalEntry} from '../log-entries.js';
import {
	blank,
	filled,
	fitted,
	paragraph,
	piece,
	type Room,
	type Row,
} from './rows.js';

/**
How many rows the list of answers has above the one that is picked.
*/
export function listHeight(total: number, {rows}: Room): number {
	return Math.min(Math.max(1, total), Math.max(1, Math.floor(rows / 4)));
}

const leastForTwo = 90;
const gap = 3;

const known = new WeakMap<
	DoubtEntry,
	{
		readonly choice: number | null;
		readonly columns: number;
		readonly rows: Row[];
	}
>();

/**
An answer to be placed with both of its sides: itself, and where it may belong; side by side where there is room, else the proposals first. Laid out once for each width.
*/
export function detailRows(
	doubt: DoubtEntry,
	choice: number | null,
	columns: number,
): readonly Row[] {
	const last = known.get(doubt);

	if (last?.choice === choice && last.columns === columns) {
		return last.rows;
	}

	const width = Math.floor((columns - gap) / 2);
	const rows = [
		...paragraph(doubt.reason, columns, {tone: 'warn'}),
		blank,
		...(columns < leastForTwo
			? [
					...proposalRows(doubt, choice, columns),
					blank,
					...answerRows(doubt, columns),
				]
			: beside(
					answerRows(doubt, width),
					proposalRows(doubt, choice, width),
					width,
				)),
	];
	known.set(doubt, {choice, columns, rows});
	return rows;
}

function beside(
	left: readonly Row[],
	right: readonly Row[],
	width: number,
): Row[] {
	return Array.from({length: Math.max(left.length, right.length)}, (_, row) => [
		...filled(left[row] ?? blank, width),
		piece(' '.repeat(gap)),
		...(right[row] ?? blank),
	]);
}

function answerRows({response}: DoubtEntry, columns: number): Row[] {
	if (!response) {
		return [[piece('The answer is no longer in the log.', 'dim')]];
	}

	const {model, at, prompt, text} = response;
	const facts = at === null ? model : `${model} · ${momentText(at, 'ms')}`;

	return [
		fitted([piece('The answer  ', 'heading'), piece(facts, 'dim')], columns),
		...paragraph(text.trim(), columns),
		blank,
		[piece('The end of its prompt', 'heading')],
		...paragraph(prompt.trim(), columns, {tone: 'dim', before: '> '}),
	];
}

function proposalRows(
	{proposals}: DoubtEntry,
	choice: number | null,
	columns: number,
): Row[] {
	const isSame =
		proposals.length > 1 &&
		proposals.every(each => reasonsOf(each, proposals).length === 0);

	return [
		[piece('Where it may belong', 'heading')],
		...proposals.flatMap((proposal, index) => [
			...proposalLines(proposal, {
				number: index + 1,
				isPicked: index === choice,
				reasons: reasonsOf(proposal, proposals),
				columns,
			}),
			blank,
		]),
		...(isSame
			? paragraph('The log cannot tell them apart.', columns, {tone: 'warn'})
			: []),
		...(proposals.length === 0
			? paragraph('Nothing is proposed; n puts it away.', columns, {
					tone: 'dim',
				})
			: []),
	];
}

/**
What speaks for a proposal and not for all of them; nothing where it is the only one, whose doubt says it.
*/
function reasonsOf(
	{evidence, score}: ProposalEntry,
	all: readonly ProposalEntry[],
): string[] {
	const isOwn = (each: string) =>
		all.some(other => !other.evidence.includes(each));
	const points = Math.round(score * 100) / 100;

	return [
		...evidence.filter(each => isOwn(each)),
		...(all.some(other => other.score !== score)
			? [points === 1 ? '1 point' : `${points} points`]
			: []),
	];
}

/**
What stands before a proposal, by its number from 1.
*/
export function markOf(number: number, isPicked = true): string {
	return `${isPicked ? '›' : ' '} ${number}  `;
}

/**
The end of a run's id: its beginning is its time, which runs of the same moment share.
*/
export function endOfId(runId: string): string {
	return runId.slice(-4);
}

function proposalLines(
	{role, iteration, instance, runId, run}: ProposalEntry,
	{
		number,
		isPicked,
		reasons,
		columns,
	}: {
		readonly number: number;
		readonly isPicked: boolean;
		readonly reasons: readonly string[];
		readonly columns: number;
	},
): Row[] {
	const place = [
		role,
		...(instance === null ? [] : [instance]),
		...(iteration === null ? [] : [`iteration ${iteration}`]),
		`run …${endOfId(runId)}`,
	].join(' · ');
	const before = markOf(number, isPicked);
	const under = (text: string, tone: 'plain' | 'dim' = 'plain') =>
		paragraph(text, columns, {tone, before: ' '.repeat(before.length)});

	return [
		...paragraph(place, columns, {
			tone: isPicked ? 'accent' : 'plain',
			before,
		}),
		...(run
			? [
					...under(
						`${run.consortium ?? 'a consortium'}, ${spanText(run.at, run.endedAt)}`,
					),
					...under(foundText(run)),
					...under(`“${run.question.trim()}”`).slice(0, mostOfQuestion),
				]
			: under('The run is no longer in the log.')),
		...(reasons.length === 0
			? []
			: under(`for it: ${reasons.join('; ')}`, 'dim')),
	];
}

/**
Rows of a run's question.
*/
const mostOfQuestion = 3;

/**
The day is said twice only where it is another one.
*/
function spanText(at: number, endedAt: number | null): string {
	const from = momentText(at, 'ms');

	if (endedAt === null) {
		return `${from} – ?`;
	}

	const to = momentText(endedAt, 'ms');
	const day = from.indexOf(' ') + 1;
	const span = `${from} – ${to.startsWith(from.slice(0, day)) ? to.slice(day) : to}`;
	return endedAt - at < long
		? span
		: `${span}; it spans ${durationText(endedAt - at)}`;
}

/**
Of a run that spans more than this, in milliseconds, it is said: much may lie within it that is none of its.
*/
const long = 60_000;

function foundText({
	members,
	arbiters,
	problems,
}: NonNullable<ProposalEntry['run']>): string {
	const some = (count: number, word: string) =>
		`${count} ${word}${count === 1 ? '' : 's'}`;
	return [
		`Found: ${some(members, 'member')}, ${some(arbiters, 'arbiter')}.`,
		...problems,
	].join(' ');
}
