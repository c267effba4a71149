import {type UserError} from '../../core/user-error.js';
import {type ImportSummary} from '../../store/import/import-summary.js';
import {configsLines} from './configs-words.js';
import {type ImportedConfigs} from './import-configs.js';

/**
What came of one of the files: as far as it went, when it failed or was stopped.
*/
export type FileImport = {
	readonly file: string;
	readonly summary: ImportSummary;

	/**
	Null when it did not come to that.
	*/
	readonly configs: ImportedConfigs | null;
	readonly error: UserError | null;

	/**
	False when it could not be opened, which its error says.
	*/
	readonly isOpened: boolean;
	readonly isComplete: boolean;
};

/**
One and many of what can come in.
*/
const words = {
	answers: ['answer', 'answers'],
	conversations: ['conversation', 'conversations'],
	runs: ['run', 'runs'],
	attachments: ['attachment', 'attachments'],
	fragments: ['fragment', 'fragments'],
	schemas: ['schema', 'schemas'],
	tools: ['tool', 'tools'],
	toolCalls: ['tool call', 'tool calls'],
	toolResults: ['tool result', 'tool results'],
} as const satisfies Record<
	keyof ImportSummary['came'],
	readonly [string, string]
>;

/**
What an import tells a person at its end.
*/
export function importLines(
	imports: readonly FileImport[],
	isStopped: boolean,
): string[] {
	const came = (what: keyof ImportSummary['came']) =>
		imports.some(({summary}) => summary.came[what] > 0);

	return [
		...fileLines(imports),
		...(isStopped ? ['Stopped. The same command goes on where it was.'] : []),
		...(came('answers')
			? [
					'To see the answers: consortium-tui logs list --role all',
					`To find ${came('runs') ? 'further ' : 'the '}runs of consortiums among them: consortium-tui logs backfill`,
				]
			: []),
	];
}

/**
What came of each file, but for those that could not be opened.
*/
export function fileLines(imports: readonly FileImport[]): string[] {
	return imports
		.filter(({isOpened}) => isOpened)
		.flatMap(each => linesOf(each));
}

/**
The same for programs.
*/
export function importJson(
	imports: readonly FileImport[],
	isStopped: boolean,
): unknown {
	return {
		files: imports.map(({file, summary, configs, error, isComplete}) => ({
			file,
			isComplete,
			came: summary.came,
			there: summary.there,
			leftOut: Object.entries(summary.leftOut).map(([reason, count]) => ({
				reason,
				count,
			})),
			configs,
			error: error && {message: error.message, hint: error.hint},
		})),
		isStopped,
	};
}

function linesOf({
	file,
	summary,
	configs,
	error,
	isComplete,
}: FileImport): string[] {
	const {came, there, leftOut} = summary;
	const names = Object.keys(words) as Array<keyof typeof words>;
	const list = (counts: Partial<Record<keyof typeof words, number>>) =>
		names
			.map(name => [counts[name] ?? 0, words[name]] as const)
			.filter(([count]) => count > 0)
			.map(([count, [one, many]]) => `${count} ${count === 1 ? one : many}`)
			.join(', ');

	// Conversations come before their answers, also those whose answers were deleted here.
	const news = list(
		came.answers + came.runs === 0 ? {...came, conversations: 0} : came,
	);

	return [
		`${file}${isComplete ? '' : ' (not whole)'}`,
		error && list(came) === '' && list(there) === ''
			? '  Nothing of it could be read.'
			: news === ''
				? '  nothing new'
				: `  new: ${news}`,
		...(list(there) === '' ? [] : [`  there already: ${list(there)}`]),
		...Object.entries(leftOut).map(
			([reason, count]) => `  left out: ${count} × ${reason}`,
		),
		...(configs ? configsLines(configs).map(line => `  ${line}`) : []),
	];
}
