import {createHash} from 'node:crypto';
import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {
	brokenBlanks,
	templateBlanks,
	type Template,
	type TemplateName,
	type Templates,
} from './core/template.js';
import {UserError} from './core/user-error.js';

/**
Read every prompt template: the shipped ones, each replaced by a file of the same name in `overrides` where there is one.

The hash is the first 16 hexadecimal digits of the SHA-256 of the text.

@throws UserError when an overriding file lacks a blank or has one nobody fills.
*/
export function readTemplates(overrides: string | null): Templates {
	return Object.fromEntries(
		templateNames.map(name => [name, readTemplate(name, overrides)]),
	) as Templates;
}

export const templateNames = Object.keys(templateBlanks) as TemplateName[];

/**
One of them.
*/
export function readTemplate(
	name: TemplateName,
	overrides: string | null,
): Template {
	const own = overrides === null ? null : path.join(overrides, `${name}.md`);
	const file =
		own !== null && existsSync(own)
			? own
			: path.join(shippedFolder(), `${name}.md`);
	const text = read(file);
	const [broken] = brokenBlanks(name, text);

	if (broken !== undefined) {
		throw new UserError(
			`The prompt template ${file} cannot be used: ${broken}`,
			`It must have exactly these blanks: ${templateBlanks[name].map(blank => `{{${blank}}}`).join(' ') || 'none'}.`,
		);
	}

	return {
		text,
		hash: createHash('sha256').update(text).digest('hex').slice(0, 16),
	};
}

function read(file: string): string {
	try {
		return readFileSync(file, 'utf8');
	} catch (error) {
		throw new UserError(
			`The prompt template ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
			'Put a readable file there, or remove it to use the built-in one.',
			{cause: error},
		);
	}
}

/**
The package's own `prompts/`, wherever this module was bundled to.
*/
export function shippedFolder(): string {
	let folder = import.meta.dirname;

	while (!existsSync(path.join(folder, 'prompts', 'arbiter.md'))) {
		const parent = path.dirname(folder);

		if (parent === folder) {
			throw new Error('The folder of the prompts is missing.');
		}

		folder = parent;
	}

	return path.join(folder, 'prompts');
}
