import {isDeepStrictEqual} from 'node:util';
import {type SavedConsortium} from '../core/consortium.js';
import {specOf} from '../core/model-spec.js';
import {plain} from '../text/plain.js';
import {excerpt} from './table.js';

export function membersText({members}: SavedConsortium): string {
	return members.map(member => specOf(member)).join(', ') || 'chosen at run';
}

export function arbitersText({arbiters}: SavedConsortium): string {
	return (
		arbiters.map(arbiter => specOf(arbiter)).join(', ') ||
		'chosen at run: the strongest with a key'
	);
}

/**
The strategy and the judging, as far as they are not the usual ones.
*/
export function mannerText({
	strategies,
	judging,
}: Pick<SavedConsortium, 'strategies' | 'judging'>): string {
	return [
		...strategies.map(({name}) => name).filter(name => name !== 'default'),
		...(judging === 'synthesis' ? [] : [judging]),
	].join(' + ');
}

export function percent(share: number): string {
	return `${Number((share * 100).toFixed(2))}%`;
}

/**
One thing about a consortium: what to call it, the lines that tell it, and all that is in it.
*/
type Row = {
	readonly label: string;
	readonly lines: readonly string[];
	readonly value: unknown;
};

/**
The same things in the same order for every consortium.
*/
function rowsOf(consortium: SavedConsortium): readonly Row[] {
	const {members, arbiters, minIterations, maxIterations, strategies, limits} =
		consortium;
	const row = (label: string, value: unknown, ...lines: readonly string[]) => ({
		label,
		lines: lines.length === 0 ? [String(value)] : lines,
		value,
	});

	return [
		row(
			'members',
			members,
			...(members.length === 0
				? ['chosen at run']
				: members.map(
						member =>
							`${specOf(member)}${member.system === undefined ? '' : ', with a system prompt of its own'}`,
					)),
		),
		row('arbiter', arbiters, arbitersText(consortium)),
		row(
			'threshold',
			consortium.confidenceThreshold,
			percent(consortium.confidenceThreshold),
		),
		row(
			'iterations',
			[minIterations, maxIterations],
			`${minIterations} to ${maxIterations}`,
		),
		row('stop', consortium.stop),
		row('until', consortium.until, ...untilLines(consortium)),
		row('judging', consortium.judging),
		row(
			'strategy',
			strategies,
			...strategies.map(({name, params}) =>
				[
					name,
					...Object.entries(params).map(
						([key, value]) => `${key}=${JSON.stringify(value)}`,
					),
				].join(' '),
			),
		),
		row('memory', consortium.memory),
		row('system', consortium.system, consortium.system ?? 'built in'),
		row(
			'budget',
			limits.budgetUsd,
			limits.budgetUsd === null ? 'none' : `$${limits.budgetUsd}`,
		),
		row('timeout', limits.timeoutSeconds, `${limits.timeoutSeconds} s`),
	];
}

/**
The conditions that stand in the place of the stop policy.
*/
function untilLines({until}: SavedConsortium): readonly string[] {
	return until.length === 0 ? ['no condition: as stop says'] : until;
}

const labelled = (label: string, text: string) =>
	`  ${label.padEnd(12)}${plain(text).replaceAll('\n', () => `\n${' '.repeat(14)}`)}\n`;

/**
All of a consortium, a line for each thing.
*/
export function describe(consortium: SavedConsortium): string {
	return rowsOf(consortium)
		.flatMap(({label, lines}) =>
			lines.map((line, index) => labelled(index === 0 ? label : '', line)),
		)
		.join('');
}

/**
What is different in the second of two consortiums, a line for each thing; empty when all is the same.
*/
export function describeChanges(
	before: SavedConsortium,
	after: SavedConsortium,
): string {
	const then = rowsOf(before);

	return rowsOf(after)
		.map((now, index) => [then[index]!, now] as const)
		.filter(([{value}, {value: other}]) => !isDeepStrictEqual(value, other))
		.map(rows => labelled(rows[0].label, changeIn(rows)))
		.join('');
}

/**
Both in a line. Where they read the same, as with another slot, all of them is spelt out.
*/
function changeIn(rows: readonly [Row, Row]): string {
	if (rows[0].label === 'system') {
		return rows.map(({lines}) => excerpt(lines.join(' '))).join(' → ');
	}

	const briefly = rows.map(({lines}) => lines.join(', ') || 'none');

	return briefly[0] === briefly[1]
		? rows.map(({value}) => JSON.stringify(value)).join(' → ')
		: briefly.join(' → ');
}
