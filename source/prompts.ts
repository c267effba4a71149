import {createHash} from 'node:crypto';
import {existsSync, readdirSync, readFileSync, statSync} from 'node:fs';
import path from 'node:path';
import {
	brokenBlanks,
	templateBlanks,
	type Template,
	type TemplateName,
	type Templates,
} from './core/template.js';
import {type Roles} from './core/roles.js';
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

/**
What an instance is told of each role, by the role's name: the shipped ones, and those in the folder `roles` of `overrides`, which replace shipped ones of the same name. A file is read when its role is given out, so that one that cannot be read is in nobody's way before.

@throws UserError when they cannot be listed.
*/
export function findRoles(overrides: string | null): Roles {
	return new Map(
		[shippedFolder(), overrides]
			.filter(folder => folder !== null)
			.flatMap(folder => roleFilesIn(folder))
			.map(file => [path.basename(file, '.md'), () => readRole(file)] as const)
			.toSorted(([left], [right]) => (left < right ? -1 : 1)),
	);
}

/**
The longest text of a role, in bytes.
*/
const longestRole = 100_000;

/**
The files of the roles in a folder of prompts; none where it has no roles.

@throws UserError when they cannot be listed.
*/
export function roleFilesIn(prompts: string): string[] {
	const folder = path.join(prompts, 'roles');

	try {
		return existsSync(folder)
			? readdirSync(folder)
					.filter(name => name.endsWith('.md'))
					.map(name => path.join(folder, name))
			: [];
	} catch (error) {
		throw new UserError(
			`The roles in ${folder} cannot be listed: ${error instanceof Error ? error.message : String(error)}.`,
			'Make it a folder that can be read, or remove it.',
			{cause: error},
		);
	}
}

/**
What an instance is told of the role in a file.

@throws UserError when it cannot be read, or has nothing in it.
*/
export function readRole(file: string): string {
	const found = statSync(file, {throwIfNoEntry: false});

	// To open a pipe is to wait for whoever writes to it.
	if (found && (!found.isFile() || found.size > longestRole)) {
		throw new UserError(
			`The role ${file} is ${found.isFile() ? `longer than ${longestRole / 1000} kB` : 'no file'}.`,
			'Write what an instance is told of it in a few sentences, or remove it.',
		);
	}

	const text = read(file).trim();

	if (text === '') {
		throw new UserError(
			`The role ${file} has no text.`,
			'Write what an instance is told of it, or remove the file.',
		);
	}

	return text;
}

function read(file: string): string {
	try {
		return readFileSync(file, 'utf8');
	} catch (error) {
		throw new UserError(
			`The prompt ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
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
