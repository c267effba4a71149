import {type Template} from '../core/template.js';
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

/**
The prompt templates a run was begun with, by name, as far as the log has their texts.

@throws UserError when the log is damaged.
*/
export function templatesOf(
	log: Log,
	hashes: Readonly<Record<string, string>>,
): Record<string, Template> {
	return explained(log.name, () => {
		const textOf = log
			.prepare<[string], string>(
				'SELECT text FROM consortium_templates WHERE hash = ?',
			)
			.pluck();

		return Object.fromEntries(
			Object.entries(hashes).flatMap(([name, hash]) => {
				const text = textOf.get(hash);
				return text === undefined ? [] : [[name, {text, hash}]];
			}),
		);
	});
}
