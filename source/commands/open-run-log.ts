import {type RunListener} from '../core/drive.js';
import {type Templates} from '../core/template.js';
import {type Log} from '../store/log.js';
import {type RunLog} from '../store/run-log.js';

export type OpenRunLog = {
	readonly listen: RunListener;
	readonly close: () => void;
};

type Writing = {
	readonly redact: (text: string) => string;

	/**
	Hears, in a sentence, that the log cannot be written any more.
	*/
	readonly onTrouble: (text: string) => void;
};

type Options = Writing & {
	/**
	The file of the log.
	*/
	readonly path: string;
	readonly templates: Templates;
};

/**
The log as a listener; null when logging is switched off. SQLite is loaded here and nowhere earlier.

@throws UserError when the log cannot be opened.
*/
export async function openRunLog(
	folder: string,
	{path, templates, ...writing}: Options,
): Promise<OpenRunLog | null> {
	const {isLogOn} = await import('../store/log-switch.js');

	if (!isLogOn(folder)) {
		return null;
	}

	const {openLog} = await import('../store/database.js');
	const log = openLog(path);
	await logTemplates(log, templates);
	const listen = await runWriter(log, writing);

	return {
		listen,
		close() {
			if (!listen.close()) {
				writing.onTrouble(
					`The end of this run could not be written to the log ${path}; what is missing there would be asked again.`,
				);
			}

			log.close();
		},
	};
}

/**
Keep the words of the templates in use.
*/
export async function logTemplates(
	log: Log,
	templates: Templates,
): Promise<void> {
	const {keepTemplates} = await import('../store/templates.js');
	keepTemplates(
		log,
		Object.entries(templates).map(([name, template]) => ({name, ...template})),
	);
}

/**
A listener that writes runs to an open log.
*/
export async function runWriter(
	log: Log,
	{redact, onTrouble}: Writing,
): Promise<RunLog> {
	const {createRunLog} = await import('../store/run-log.js');

	return createRunLog(log, {
		redact,
		onError(error) {
			const why = error instanceof Error ? error.message : String(error);
			onTrouble(
				`The log ${log.name} cannot be written: ${why}. The run goes on.`,
			);
		},
	});
}
