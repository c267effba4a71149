import {dateText} from '../../text/phrases.js';
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
How many rows the list of doubts has above the one that is picked.
*/
export function listHeight(total: number, {rows}: Room): number {
	return Math.min(Math.max(1, total), Math.max(1, Math.floor(rows / 4)));
}

const leastForTwo = 90;
const gap = 3;

const known = new WeakMap<
	DoubtEntry,
	{readonly choice: number; readonly columns: number; readonly rows: Row[]}
>();

/**
A doubt with both of its sides: the response, and where it may belong; side by side where there is room, else the proposals first. Laid out once for each width.
*/
export function detailRows(
	doubt: DoubtEntry,
	choice: number,
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
					...responseRows(doubt, columns),
				]
			: beside(
					responseRows(doubt, width),
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

function responseRows({response}: DoubtEntry, columns: number): Row[] {
	if (!response) {
		return [[piece('The response is no longer in the log.', 'dim')]];
	}

	const {model, at, prompt, text} = response;
	const facts = at === null ? model : `${model} · ${dateText(at)}`;

	return [
		fitted([piece('The response  ', 'heading'), piece(facts, 'dim')], columns),
		...paragraph(prompt.trim(), columns, {tone: 'dim', before: '> '}),
		blank,
		...paragraph(text.trim(), columns),
	];
}

function proposalRows(
	{proposals}: DoubtEntry,
	choice: number,
	columns: number,
): Row[] {
	return [
		[piece('Where it may belong', 'heading')],
		...proposals.flatMap((proposal, index) => [
			...proposalLines(proposal, {
				number: index + 1,
				isPicked: index === choice,
				columns,
			}),
			blank,
		]),
		...paragraph(
			proposals.length === 0
				? 'Nothing is proposed; n puts it away.'
				: 'n: none of them',
			columns,
			{tone: 'dim'},
		),
	];
}

function proposalLines(
	{role, iteration, instance, evidence, score, run}: ProposalEntry,
	{
		number,
		isPicked,
		columns,
	}: {
		readonly number: number;
		readonly isPicked: boolean;
		readonly columns: number;
	},
): Row[] {
	const place = [
		role,
		...(instance === null ? [] : [instance]),
		...(iteration === null ? [] : [`iteration ${iteration}`]),
		`score ${Math.round(score * 100) / 100}`,
	].join(' · ');
	const before = `${isPicked ? '›' : ' '} ${number}  `;
	const under = ' '.repeat(before.length);
	const runText = run
		? `of ${run.consortium ?? 'a consortium'}, ${dateText(run.at)}: “${run.question.trim()}”`
		: 'of a run that is no longer in the log';

	return [
		...paragraph(place, columns, {
			tone: isPicked ? 'accent' : 'plain',
			before,
		}),
		...paragraph(runText, columns, {before: under}).slice(0, mostOfQuestion),
		...paragraph(
			evidence.length === 0
				? 'nothing speaks for it'
				: `for it: ${evidence.join('; ')}`,
			columns,
			{tone: 'dim', before: under},
		),
	];
}

/**
Rows of a run's question.
*/
const mostOfQuestion = 6;
