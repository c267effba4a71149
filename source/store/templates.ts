import {type Log} from './log.js';
import {explained} from './store-error.js';

export type LoggedTemplate = {
	/**
	Of the text; what `call-start` and `run-start` name.
	*/
	readonly hash: string;
	readonly name: string;
	readonly text: string;
};

/**
Keep the prompt templates in use, each text once, so that every logged message can be traced to the words it was made from.

@throws UserError when the log is locked, damaged or full.
*/
export function keepTemplates(
	log: Log,
	templates: readonly LoggedTemplate[],
): void {
	const insert = log.prepare<LoggedTemplate>(
		'INSERT OR IGNORE INTO consortium_templates (hash, name, text) VALUES (@hash, @name, @text)',
	);
	const insertAll = log.transaction(() => {
		for (const template of templates) {
			insert.run(template);
		}
	});

	explained(log.name, () => {
		insertAll.immediate();
	});
}

export function templatesOf(
	log: Log,
	hashes: Readonly<Record<string, string>>,
): Record<string, {text: string; hash: string}> {
	return Object.fromEntries(
		Object.entries(hashes).flatMap(([name, hash]) => {
			const text = log
				.prepare<[string], string>(
					'SELECT text FROM consortium_templates WHERE hash = ?',
				)
				.pluck()
				.get(hash);
			return text === undefined ? [] : [[name, {text, hash}]];
		}),
	);
}
