import {existsSync} from 'node:fs';
import path from 'node:path';
import {setImmediate} from 'node:timers/promises';
import {abortKindOf, type AbortKind} from '../../core/abort.js';
import {UserError} from '../../core/user-error.js';
import {createImportProgress} from '../../output/progress-import.js';
import {type Log} from '../../store/log.js';
import {type ImportSummary} from '../../store/import/import-summary.js';
import {type Foreign} from '../../store/import/open-foreign.js';
import {plain} from '../../text/plain.js';
import {watchInterruption} from '../interruption.js';
import {logPath} from '../load-config.js';
import {json, paragraph, sizeOf} from '../table.js';
import {llmFolder} from './llm-folder.js';
import {type LogsCall} from './logs-call.js';
import {shownImport} from './shown-import.js';

/**
What came of one of the files: as far as it went, when it failed or was stopped.
*/
export type FileImport = {
	readonly file: string;
	readonly summary: ImportSummary;
	readonly error: UserError | null;
	readonly isComplete: boolean;
};

export const failedExitCode = 2;

/**
The exit code of what was ended from outside.
*/
export const stoppedExitCodes: Partial<Record<AbortKind, number>> = {
	person: 130,
	hangup: 129,
	terminated: 143,
	pipe: 141,
};

/**
Import the logs of llm and of its consortium plug-in.

@throws UserError when no file is given, or our log cannot be opened.
*/
export async function importFiles(call: LogsCall): Promise<number> {
	const {input, flags, place} = call;

	if (input.length === 0) {
		throw noFile(call);
	}

	const {openLog} = await import('../../store/database.js');
	const log = openLog(logPath(place.environment));
	const interruption = watchInterruption(place.stdout);
	const {signal} = interruption;
	const imports: FileImport[] = [];

	try {
		for (const file of input) {
			if (!signal.aborted) {
				const done = await importFile(log, file, call, signal);
				imports.push(done);
				tellTrouble(done, place);
			}
		}
	} finally {
		log.close();
		interruption.close();
	}

	place.stdout.write(
		flags.json
			? json(shownImport(imports, signal.aborted).json)
			: paragraph(
					shownImport(imports, signal.aborted).lines.join('\n'),
					place.stdout,
				),
	);

	return signal.aborted
		? (stoppedExitCodes[abortKindOf(signal)] ?? 130)
		: imports.some(({error}) => error !== null)
			? failedExitCode
			: 0;
}

/**
Between two batches others have their turn: the signal that ends it, and whoever wants to write to the log.
*/
export async function importFile(
	log: Log,
	file: string,
	{flags, place: {stderr}}: LogsCall,
	signal: AbortSignal,
): Promise<FileImport> {
	const {openForeign} = await import('../../store/import/open-foreign.js');
	const {importLog} = await import('../../store/import/import-log.js');
	const {emptySummary} = await import('../../store/import/import-summary.js');
	const summary = emptySummary();
	const progress =
		stderr.isTTY && !flags.quiet
			? createImportProgress(plain(path.basename(file)), {
					write(text) {
						stderr.write(text);
					},
					columns: () => sizeOf(stderr).columns,
					now: Date.now,
				})
			: null;

	let foreign: Foreign | null = null;

	try {
		foreign = openForeign(file, log);
		const steps = importLog({log, foreign, summary}, Date.now());

		for (const {rows, share} of steps) {
			progress?.show(rows, share);
			await setImmediate();

			if (signal.aborted) {
				return {file, summary, error: null, isComplete: false};
			}
		}

		return {file, summary, error: null, isComplete: true};
	} catch (error) {
		if (!(error instanceof UserError)) {
			throw error;
		}

		return {file, summary, error, isComplete: false};
	} finally {
		foreign?.close();
		progress?.close();
	}
}

export function tellTrouble({error}: FileImport, {stderr}: LogsCall['place']): void {
	for (const text of error ? [error.message, error.hint] : []) {
		stderr.write(text === '' ? '' : paragraph(text, stderr));
	}
}

/**
Nothing is imported unasked, but what there is can be named.
*/
function noFile({usage, place: {environment}}: LogsCall): UserError {
	const folder = llmFolder(environment);
	const found = ['logs.db', 'consortium_logs.db']
		.map(name => path.join(folder, name))
		.filter(file => existsSync(file));

	return new UserError(
		`Give the file to import: consortium-tui ${usage}.`,
		found.length === 0
			? `llm keeps its log in ${folder}, and there is none.`
			: `llm's folder has: ${found.join(', ')}`,
	);
}
