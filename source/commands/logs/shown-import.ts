import {type ImportSummary} from '../../store/import/import-summary.js';
import {type FileImport} from './import.js';

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
What an import tells at its end: lines for people, and the same for programs.
*/
export function shownImport(
	imports: readonly FileImport[],
	isStopped: boolean,
): {readonly lines: readonly string[]; readonly json: unknown} {
	const runs = imports.reduce((sum, {summary}) => sum + summary.came.runs, 0);

	return {
		lines: [
			...imports.flatMap(each => linesOf(each)),
			...(isStopped ? ['Stopped. The same command goes on where it was.'] : []),
			'To see the answers: consortium-tui logs list --role all',
			runs === 0
				? 'To find the runs of consortiums among them: consortium-tui logs backfill'
				: 'To find further runs of consortiums among them: consortium-tui logs backfill',
		],
		json: {
			files: imports.map(({file, summary, error, isComplete}) => ({
				file,
				isComplete,
				came: summary.came,
				there: summary.there,
				leftOut: Object.entries(summary.leftOut).map(([reason, count]) => ({
					reason,
					count,
				})),
				error: error && {message: error.message, hint: error.hint},
			})),
			isStopped,
		},
	};
}

function linesOf({file, summary, isComplete}: FileImport): string[] {
	const {came, there, leftOut} = summary;
	const names = Object.keys(words) as Array<keyof typeof words>;
	const list = (counts: Partial<Record<keyof typeof words, number>>) =>
		names
			.map(name => [counts[name] ?? 0, words[name]] as const)
			.filter(([count]) => count > 0)
			.map(([count, [one, many]]) => `${count} ${count === 1 ? one : many}`)
			.join(', ');

	return [
		`${file}${isComplete ? '' : ' (not whole)'}`,
		`  new: ${list(came) || 'nothing'}`,
		...(list(there) === '' ? [] : [`  there already: ${list(there)}`]),
		...Object.entries(leftOut).map(
			([reason, count]) => `  left out: ${count} × ${reason}`,
		),
	];
}
