import {type SavedConsortium} from '../../core/consortium.js';
import {specOf} from '../../core/model-spec.js';
import {memoryText, rangeText} from '../../text/forecast.js';
import {shareText} from '../../text/phrases.js';
import {type Check} from '../services.js';
import {labelWidth, paragraph, piece, type Row} from './rows.js';

const labelled = (label: string, text: string, columns: number) =>
	paragraph(text, columns, {before: label.padEnd(labelWidth)});

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
			`${consortium.stop} ≥ ${shareText(consortium.confidenceThreshold)}, ${least === most ? least : `${least} to ${most}`} iteration${most === 1 ? '' : 's'}`,
		],
		[
			'limits',
			`${limits.budgetUsd === null ? 'no budget' : `$${limits.budgetUsd}`}, ${limits.timeoutSeconds} s`,
		],
		[
			'strategy',
			`${strategies.map(({name}) => name).join(', ')}, ${consortium.judging}, memory ${consortium.memory}`,
		],
		...(consortium.system === null
			? []
			: ([['system', consortium.system.split('\n', 1)[0]!]] as const)),
	];

	return rows.flatMap(([label, text]) => labelled(label, text, columns));
}

/**
What is wrong with a consortium, what is doubtful, and what a question to it would take; null while nobody knows.
*/
export function aboutCheck(check: Check | null, columns: number): Row[] {
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
					...labelled('forecast', rangeText(forecast), columns),
					...labelled('', memoryText(forecast.memory), columns),
				]
			: []),
	];
}
