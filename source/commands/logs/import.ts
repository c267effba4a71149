import {existsSync} from 'node:fs';
import path from 'node:path';
import {setImmediate} from 'node:timers/promises';
import {abortKindOf, type AbortKind} from '../../core/abort.js';
import {UserError} from '../../core/user-error.js';
import {createImportProgress} from '../../output/progress-import.js';
import {type Import} from '../../store/import/import-summary.js';
import {type Foreign} from '../../store/import/open-foreign.js';
import {type Log} from '../../store/log.js';
import {plain} from '../../text/plain.js';
import {watchInterruption} from '../interruption.js';
import {logPath} from '../load-config.js';
import {json, paragraph, sizeOf} from '../table.js';
import {type ImportedConfigs} from './import-configs.js';
import {llmFolder} from './llm-folder.js';
import {type LogsCall} from './logs-call.js';
import {importJson, importLines, type FileImport} from './shown-import.js';

type ConfigsImport = (db: Log, path: string) => Promise<ImportedConfigs>;

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

	const {createConfigsImport} = await import('./import-configs.js');
	const {openLog} = await import('../../store/database.js');
	const importConfigs = createConfigsImport(call);
	const log = openLog(logPath(place.environment));
	const interruption = watchInterruption(place.stdout);
	const {signal} = interruption;
	const imports: FileImport[] = [];

	try {
		for (const file of input) {
			if (!signal.aborted) {
				const done = await importFile(log, file, call, {signal, importConfigs});
				imports.push(done);
				tellTrouble(done, place);
			}
		}
	} finally {
		log.close();
		interruption.close();
	}

	const lines = importLines(imports, signal.aborted);

	if (flags.json) {
		place.stdout.write(json(importJson(imports, signal.aborted)));
	} else if (lines.length > 0) {
		place.stdout.write(paragraph(lines.join('\n'), place.stdout));
	}

	return signal.aborted
		? (stoppedExitCodes[abortKindOf(signal)] ?? 130)
		: imports.some(({error}) => error !== null)
			? failedExitCode
			: 0;
}

/**
Its rows, then the consortiums that are saved in it.
*/
export async function importFile(
	log: Log,
	file: string,
	call: LogsCall,
	{
		signal,
		importConfigs,
	}: {readonly signal: AbortSignal; readonly importConfigs: ConfigsImport},
): Promise<FileImport> {
	const {openForeign} = await import('../../store/import/open-foreign.js');
	const {emptySummary} = await import('../../store/import/import-summary.js');
	const {foreignTrouble} =
		await import('../../store/import/foreign-trouble.js');
	const summary = emptySummary();
	let foreign: Foreign | null = null;

	try {
		foreign = openForeign(file, log, {
			onWait() {
				call.place.stderr.write(
					paragraph(
						`Waiting for another program to let go of ${file} …`,
						call.place.stderr,
					),
				);
			},
		});
		const isComplete = await importRows({log, foreign, summary}, call, signal);
		const configs = isComplete ? await importConfigs(foreign.db, file) : null;
		return {
			file,
			summary,
			configs,
			error: null,
			isOpened: true,
			isComplete,
		};
	} catch (error) {
		const trouble = foreignTrouble(file, error);

		if (!(trouble instanceof UserError)) {
			throw error;
		}

		return {
			file,
			summary,
			configs: null,
			error: trouble,
			isOpened: foreign !== null,
			isComplete: false,
		};
	} finally {
		foreign?.close();
	}
}

/**
Between two batches others have their turn: the signal that ends it, and whoever wants to write to the log. Whether it came to its end.
*/
async function importRows(
	work: Import,
	{flags, place: {stderr}}: LogsCall,
	signal: AbortSignal,
): Promise<boolean> {
	const {importLog} = await import('../../store/import/import-log.js');
	const progress =
		stderr.isTTY && !flags.quiet
			? createImportProgress(plain(path.basename(work.foreign.path)), {
					write(text) {
						stderr.write(text);
					},
					columns: () => sizeOf(stderr).columns,
					now: Date.now,
				})
			: null;

	try {
		for (const {rows, share} of importLog(work, Date.now())) {
			progress?.show(rows, share);
			await setImmediate();

			if (signal.aborted) {
				return false;
			}
		}

		return true;
	} finally {
		progress?.close();
	}
}

export function tellTrouble(
	{error}: FileImport,
	{stderr}: LogsCall['place'],
): void {
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
