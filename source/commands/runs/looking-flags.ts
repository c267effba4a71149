import {costGroupings} from '../../store/cost-groupings.js';
import {type Flags, type FlagValues} from '../command.js';

export const exportFormats = ['md', 'json', 'html'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/**
The flags of those verbs of `runs` that only read the log.
*/
export const lookingFlags = {
	count: {
		type: 'string',
		short: 'n',
		value: 'N',
		meaning: 'list: the latest N, all with 0. Default: 20.',
	},
	conversation: {
		type: 'string',
		value: 'ID',
		meaning:
			'list: those of this conversation; the beginning of its id will do.',
	},
	format: {
		type: 'string',
		value: 'FORMAT',
		choices: exportFormats,
		meaning:
			'export: md, json or html. Default: what the name of the file ends in, else md.',
	},
	by: {
		type: 'string',
		value: 'WHAT',
		choices: costGroupings,
		meaning: `costs: put together by ${costGroupings.join(', ')}. Default: day.`,
	},
	since: {
		type: 'string',
		value: 'DATE',
		meaning: 'costs: from this day on, such as 2026-11-20; local time.',
	},
	until: {
		type: 'string',
		value: 'DATE',
		meaning: 'costs: up to the end of this day.',
	},
} as const satisfies Flags;

export type LookingFlags = FlagValues<typeof lookingFlags>;
