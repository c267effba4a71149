import {type Member, type SavedConsortium} from '../core/consortium.js';
import {plain} from '../output/plain.js';

/**
A member or an arbiter as it would be given with a flag.
*/
export function specOf({
	model,
	count = 1,
	options = {},
}: Pick<Member, 'model' | 'options'> & {readonly count?: number}): string {
	const query = Object.entries(options)
		.map(
			([key, value]) =>
				`${encodeURIComponent(key)}=${encodeURIComponent(typeof value === 'string' ? value : JSON.stringify(value))}`,
		)
		.join('&');

	return `${model}${count === 1 ? '' : `:${count}`}${query && `?${query}`}`;
}

export function membersText({members}: SavedConsortium): string {
	return members.map(member => specOf(member)).join(', ') || 'chosen at run';
}

export function arbitersText({arbiters}: SavedConsortium): string {
	return (
		arbiters.map(arbiter => specOf(arbiter)).join(', ') ||
		'chosen at run: the strongest with a key'
	);
}

export function percent(share: number): string {
	return `${Number((share * 100).toFixed(2))}%`;
}

/**
All of a consortium, a line for each thing.
*/
export function describe(consortium: SavedConsortium): string {
	const {members, strategies, system, limits} = consortium;
	const [first = 'chosen at run', ...others] = members.map(
		({slot, system: own, ...member}) =>
			`${specOf(member)}${own === undefined ? '' : `, with a system prompt of its own`}`,
	);
	const rows: ReadonlyArray<readonly [string, string]> = [
		['members', first],
		...others.map(member => ['', member] as const),
		['arbiter', arbitersText(consortium)],
		['threshold', percent(consortium.confidenceThreshold)],
		[
			'iterations',
			`${consortium.minIterations} to ${consortium.maxIterations}`,
		],
		['stop', consortium.stop],
		['judging', consortium.judging],
		...strategies.map(
			({name, params}) =>
				[
					'strategy',
					[
						name,
						...Object.entries(params).map(
							([key, value]) => `${key}=${JSON.stringify(value)}`,
						),
					].join(' '),
				] as const,
		),
		['memory', consortium.memory],
		['system', system ?? 'built in'],
		['budget', limits.budgetUsd === null ? 'none' : `$${limits.budgetUsd}`],
		['timeout', `${limits.timeoutSeconds} s`],
	];

	return rows
		.map(
			([label, text]) =>
				`  ${label.padEnd(12)}${plain(text).replaceAll('\n', () => `\n${' '.repeat(14)}`)}\n`,
		)
		.join('');
}
