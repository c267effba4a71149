import {type RunListener} from '../core/drive.js';
import {type Templates} from '../core/template.js';
import {type Place} from './command.js';
import {paragraph} from './table.js';

export type OpenRunLog = {
	readonly listen: RunListener;
	readonly close: () => void;
};

type Options = {
	/**
	The file of the log.
	*/
	readonly path: string;
	readonly templates: Templates;
	readonly stderr: Place['stderr'];
	readonly redact: (text: string) => string;
};

/**
The log as a listener; null when logging is switched off. SQLite is loaded here and nowhere earlier.

@throws UserError when the log cannot be opened.
*/
export async function openRunLog(
	folder: string,
	{path, templates, stderr, redact}: Options,
): Promise<OpenRunLog | null> {
	const {isLogOn} = await import('../store/log-switch.js');

	if (!isLogOn(folder)) {
		return null;
	}

	const [{openLog}, {createRunLog}, {keepTemplates}] = await Promise.all([
		import('../store/database.js'),
		import('../store/run-log.js'),
		import('../store/templates.js'),
	]);
	const log = openLog(path);
	keepTemplates(
		log,
		Object.entries(templates).map(([name, template]) => ({name, ...template})),
	);
	const listen = createRunLog(log, {
		redact,
		onError(error) {
			const why = error instanceof Error ? error.message : String(error);
			stderr.write(
				paragraph(
					`The log ${path} cannot be written: ${why}. The run goes on.`,
					stderr,
				),
			);
		},
	});

	return {
		listen,
		close() {
			listen.close();
			log.close();
		},
	};
}
