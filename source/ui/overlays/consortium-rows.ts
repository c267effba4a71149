import {type SavedConsortium} from '../../core/consortium.js';
import {specOf} from '../../core/model-spec.js';
import {memoryText, rangeText} from '../../text/forecast.js';
import {endText} from '../../text/phrases.js';
import {type Check} from '../services.js';
import {labelWidth, paragraph, piece, type Row} from './rows.js';

const labelled = (
	[label, text]: readonly [string, string],
	columns: number,
	width: number,
) => paragraph(text, columns, {before: label.padEnd(width)});

/**
What a consortium is, the most important first.
*/
export function aboutConsortium(
	consortium: SavedConsortium,
	columns: number,
): Row[] {
	const {members, arbiters, strategies, limits} = consortium;
	const {minIterations: least, maxIterations: most} = consortium;
	const rows: ReadonlyArray<readonly [string, string]> = [
		['members', members.map(member => specOf(member)).join(', ') || 'none yet'],
		[
			'arbiter',
			arbiters.map(arbiter => specOf(arbiter)).join(', ') || 'chosen at run',
		],
		[
			'until',
			`${endText(consortium).replace(/^until /v, '')}, ${least === most ? least : `${least} to ${most}`} iteration${most === 1 ? '' : 's'}`,
		],
		[
			'limits',
			`${limits.budgetUsd === null ? 'no budget' : `$${limits.budgetUsd}`}, ${limits.timeoutSeconds} s`,
		],
		[
			'strategy',
			`${strategies.map(each => strategyText(each)).join(' + ')}, ${consortium.judging}, memory ${consortium.memory}`,
		],
		...(consortium.system === null
			? []
			: ([['system', consortium.system.split('\n', 1)[0]!]] as const)),
	];

	return rows.flatMap(row => labelled(row, columns, labelWidth));
}

/**
A strategy with what was given for its parameters.
*/
function strategyText({
	name,
	params,
}: SavedConsortium['strategies'][number]): string {
	const given = Object.entries(params).map(
		([key, value]) => `${key}=${JSON.stringify(value)}`,
	);
	return [name, ...given].join(' ');
}

/**
What is wrong with a consortium, what is doubtful, and what a question to it would take; null while nobody knows. `width` are the columns before it.
*/
export function aboutCheck(
	check: Check | null,
	columns: number,
	width = labelWidth,
): Row[] {
	if (!check) {
		return [[piece('looking…', 'dim')]];
	}

	const {problems, warnings, forecast} = check;

	return [
		...problems.flatMap(text =>
			paragraph(text, columns, {before: '✗ ', tone: 'bad'}),
		),
		...warnings.flatMap(text =>
			paragraph(text, columns, {before: '! ', tone: 'warn'}),
		),
		...(forecast
			? [
					...labelled(['forecast', rangeText(forecast)], columns, width),
					...labelled(['', memoryText(forecast.memory)], columns, width),
				]
			: []),
	];
}
