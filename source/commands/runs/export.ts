import path from 'node:path';
import {runsHtml} from '../../output/export-html.js';
import {runsMarkdown} from '../../output/export-markdown.js';
import {type LoggedRun} from '../../store/runs.js';
import {plain} from '../../text/plain.js';
import {type Place} from '../command.js';
import {choiceOf} from '../flag-values.js';
import {json} from '../table.js';
import {writeAsked} from '../write-asked.js';
import {
	exportFormats,
	type ExportFormat,
	type LookingFlags,
} from './looking-flags.js';
import {findRun, shownRun} from './show.js';

const texts = {
	md: ({picture}) => runsMarkdown([picture]),
	json: run => json(shownRun(run)),
	html: ({picture}) => runsHtml([picture]),
} as const satisfies Record<ExportFormat, (run: LoggedRun) => string>;

/**
Print a run as a document, or write it to a file.

@throws UserError when it is not there, or the file cannot be written.
*/
export async function exportRun(
	id: string,
	{
		format,
		output,
		force,
	}: Pick<LookingFlags, 'format'> & {
		readonly output: string | undefined;
		readonly force: boolean;
	},
	place: Place,
): Promise<number> {
	const chosen = formatOf(format, output);
	const run = await findRun(id, place);
	const text = texts[chosen](run);

	// As for other programs, a dash is standard output.
	if (output === undefined || output === '-') {
		// JSON escapes what acts on a terminal, and is not to be changed.
		const isShown = place.stdout.isTTY && chosen !== 'json';
		place.stdout.write(isShown ? plain(text) : text);
	} else if (await writeAsked(place, output, text, force)) {
		place.stdout.write(`Wrote run ${run.summary.id} to ${output}\n`);
	}

	return 0;
}

const endings: Readonly<Record<string, ExportFormat>> = {
	'.md': 'md',
	'.markdown': 'md',
	'.json': 'json',
	'.html': 'html',
	'.htm': 'html',
};

function formatOf(format: string | undefined, output = ''): ExportFormat {
	return format === undefined
		? (endings[path.extname(output).toLowerCase()] ?? 'md')
		: choiceOf(format, '--format', exportFormats);
}
