import {type Log} from '../log.js';
import {type Foreign} from './open-foreign.js';

/**
What came of the import of one file.
*/
export type ImportSummary = {
	/**
	Rows that are in our log since.
	*/
	readonly came: {
		answers: number;
		conversations: number;
		attachments: number;
		fragments: number;
		schemas: number;
		tools: number;
		toolCalls: number;
		toolResults: number;
		runs: number;
	};

	/**
	Answers and runs that had been there before.
	*/
	readonly there: {answers: number; runs: number};

	/**
	How often something was left out, by the reason.
	*/
	readonly leftOut: Record<string, number>;
};

/**
What an import works with.
*/
export type Import = {
	readonly log: Log;
	readonly foreign: Foreign;

	/**
	Says at any moment what came.
	*/
	readonly summary: ImportSummary;
};

/**
Of an import that has not begun.
*/
export function emptySummary(): ImportSummary {
	return {
		came: {
			answers: 0,
			conversations: 0,
			attachments: 0,
			fragments: 0,
			schemas: 0,
			tools: 0,
			toolCalls: 0,
			toolResults: 0,
			runs: 0,
		},
		there: {answers: 0, runs: 0},
		leftOut: {},
	};
}

/**
The reason for what neither SQLite nor JavaScript can hold.
*/
export const tooLarge = 'a row that is too large';

/**
Count what is left out for a reason.
*/
export function leaveOut(
	{leftOut}: ImportSummary,
	reason: string,
	count = 1,
): void {
	if (count > 0) {
		leftOut[reason] = (leftOut[reason] ?? 0) + count;
	}
}
