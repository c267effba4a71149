import {
	accessSync,
	constants,
	readdirSync,
	realpathSync,
	statSync,
} from 'node:fs';
import {statfs} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {keptAside, type ReadConfig} from '../../config/config.js';
import {foldersOf, logPathOf} from '../../config/folders.js';
import {consortiumsOf} from '../../config/consortiums.js';
import {templateBlanks} from '../../core/template.js';
import {UserError} from '../../core/user-error.js';
import {readTemplates, shippedFolder} from '../../prompts.js';
import {isLogOn} from '../../store/log-switch.js';
import {type Place} from '../command.js';
import {savedConsortiums} from '../known-consortiums.js';
import {amountsText, deletedText} from '../log-amounts.js';
import {llmFolder} from '../logs/llm-folder.js';
import {findingsOf, type Finding} from './finding.js';
import {roles} from './roles.js';
import {runnability} from './runnability.js';

const leastFreeBytes = 200_000_000;

/**
Where everything is kept, and in what state the files are.
*/
export function files({environment}: Place): Finding[] {
	const folders = foldersOf(environment);
	const prompts = path.join(folders.config, 'prompts');
	const keys = path.join(folders.config, 'keys.json');
	const isOpen =
		process.platform !== 'win32' &&
		(statOf(keys)?.mode ?? 0) % firstOfOwner > 0;

	return [
		...findingsOf('files', [
			...new Set([folders.config, folders.data])
				.values()
				.map(folder => folderRow(folder)),
			configRow(folders.config),
			[
				'keys.json',
				`${stateOf(keys)}${isOpen ? ': others can read it' : ''}`,
				isOpen ? `chmod 600 ${keys}` : null,
			],
			['log.db', stateOf(logPathOf(folders))],
			['prompts', stateOf(prompts)],
			['debug.log', stateOf(path.join(folders.data, 'debug.log'))],
			...schemas(),
		]),
		...overrides(prompts),
		...roles(prompts),
	];
}

/**
The lowest bit of a mode that is the owner's; those below let others in.
*/
const firstOfOwner = 0o100;

function statOf(file: string) {
	try {
		return statSync(file);
	} catch {
		// Not there, or not for us to see.
		return null;
	}
}

/**
A folder that is not there yet is made in the nearest one that is.
*/
function folderRow(folder: string): readonly [string, string, string | null] {
	const existing = ancestorOf(folder);
	const trouble = statOf(existing)?.isDirectory()
		? isWritable(existing)
			? null
			: `nothing can be written in ${existing}`
		: `${existing} is no folder`;

	return [
		'folder',
		`${folder}${existing === folder ? '' : ' (not there)'}${trouble === null ? '' : `: ${trouble}`}`,
		trouble === null
			? null
			: 'Correct it, or choose another place with CONSORTIUM_TUI_HOME.',
	];
}

function configRow(folder: string): readonly [string, string, string | null] {
	const kept = keptAside(folder);

	return kept === null
		? ['config.json', stateOf(path.join(folder, 'config.json')), null]
		: [
				'config.json',
				`damaged, and kept as ${kept}`,
				'Correct it and move it back to config.json, or remove it: until then a run needs -m or -C.',
			];
}

function isWritable(folder: string): boolean {
	try {
		accessSync(folder, constants.W_OK);
		return true;
	} catch {
		return false;
	}
}

function stateOf(file: string): string {
	const found = statOf(file);

	if (found === null) {
		return `${file} (not there)`;
	}

	const mode = (found.mode % 0o1000).toString(8).padStart(3, '0');
	return `${file} (${found.isDirectory() ? 'folder' : sizeText(found.size)}, mode ${mode})`;
}

function sizeText(bytes: number): string {
	return bytes < 1e6
		? `${Math.ceil(bytes / 1000)} KB`
		: `${(bytes / 1e6).toFixed(1)} MB`;
}

/**
The JSON Schemas that came with the program.
*/
function schemas(): Array<readonly [string, string]> {
	const folder = path.join(path.dirname(shippedFolder()), 'dist');

	return ['result', 'events']
		.map(name => [name, path.join(folder, `${name}.schema.json`)] as const)
		.filter(([, file]) => statOf(file))
		.map(([name, file]) => [`${name} schema`, stateOf(file)]);
}

function overrides(folder: string): Finding[] {
	const own = namesIn(folder).filter(name => name.endsWith('.md'));
	const known = Object.keys(templateBlanks);
	const findings = own.map(name =>
		known.includes(name.slice(0, -'.md'.length))
			? ([`prompts/${name}`, 'replaces the built-in one', null] as const)
			: ([
					`prompts/${name}`,
					'replaces nothing: no prompt has that name',
					`Rename it to one of ${known.map(each => `${each}.md`).join(', ')}, or remove it.`,
				] as const),
	);

	try {
		readTemplates(folder);
		return findingsOf('files', findings);
	} catch (error) {
		if (!(error instanceof UserError)) {
			throw error;
		}

		return findingsOf('files', [
			...findings,
			['prompts', error.message, error.hint],
		]);
	}
}

function namesIn(folder: string): string[] {
	try {
		return readdirSync(folder);
	} catch {
		return [];
	}
}

/**
Whether the configuration can be used as it is.
*/
export function configuration({config, notices}: ReadConfig): Finding[] {
	const all = consortiumsOf(config);
	const saved = savedConsortiums(config);
	const {default: name} = config;
	const isMissing = name !== null && all.every(each => each.name !== name);

	return findingsOf('configuration', [
		...notices.map(
			notice =>
				[
					'config.json',
					notice,
					'Correct the file by hand, or move it away.',
				] as const,
		),
		['consortiums', `${all.length - 1} saved`],
		...all.flatMap(each => runnability(each, saved)),
		['endpoints', `${Object.keys(config.endpoints).length} added`],
		[
			'default',
			isMissing
				? `${name}, and there is no consortium of that name`
				: (name ?? 'none: models are chosen by the keys there are'),
			isMissing
				? 'Choose one with `consortium-tui default NAME`, or none with `consortium-tui default --none`.'
				: null,
		],
	]);
}

/**
Whether the log can be written and read.
*/
export async function log({environment}: Place): Promise<Finding[]> {
	const folders = foldersOf(environment);
	const file = logPathOf(folders);
	const {findings, sources} = statOf(file)
		? await health(file)
		: {findings: [], sources: []};

	return [
		...findingsOf('log', [
			['logging', isLogOn(folders.data) ? 'on' : 'off'],
			await freeSpace(folders.data),
		]),
		...findings,
		...notImported(path.join(llmFolder(environment), 'logs.db'), sources),
	];
}

/**
Whether there is a log of llm that was never imported; that is nothing wrong.
*/
function notImported(file: string, sources: readonly string[]): Finding[] {
	return statOf(file)?.isFile() === true && !sources.includes(wholePath(file))
		? findingsOf('log', [
				['llm', `not imported: consortium-tui logs import '${file}'`],
			])
		: [];
}

function wholePath(file: string): string {
	try {
		return realpathSync(file);
	} catch {
		return file;
	}
}

async function freeSpace(
	folder: string,
): Promise<readonly [string, string, string | null]> {
	const existing = ancestorOf(folder);

	try {
		const {bavail, bsize} = await statfs(existing);
		const free = bavail * bsize;
		return [
			'free space',
			`${(free / 1e9).toFixed(1)} GB`,
			free < leastFreeBytes ? `Make room on the disk of ${existing}.` : null,
		];
	} catch (error) {
		return ['free space', `unknown: ${String(error)}`, null];
	}
}

function ancestorOf(folder: string): string {
	const parent = path.dirname(folder);
	return statOf(folder) !== null || parent === folder
		? folder
		: ancestorOf(parent);
}

async function health(file: string): Promise<{
	readonly findings: readonly Finding[];
	readonly sources: readonly string[];
}> {
	try {
		const {inspectLog} = await import('../../store/log-health.js');
		const {version, damage, status, sources} = inspectLog(file);
		const findings = findingsOf('log', [
			[
				'tables',
				version === 0
					? 'not made yet: the next run adds them'
					: `version ${version}`,
			],
			damage === null
				? [
						'check',
						`not made: the file is big. \`sqlite3 ${file} "PRAGMA quick_check"\` makes it.`,
					]
				: damage.length === 0
					? ['check', 'nothing is damaged']
					: [
							'check',
							`damaged: ${damage.join('; ')}`,
							'Move the file away together with its -wal and -shm files, and a new log is made; or make it of what is left of the old one: sqlite3 OLD .recover | sqlite3 log.db',
						],
			...(status
				? [
						['rows', amountsText(status)] as const,
						...(status.deletedResponses === 0
							? []
							: [['trash', deletedText(status)] as const]),
					]
				: []),
		]);
		return {findings, sources};
	} catch (error) {
		const findings = findingsOf('log', [
			[
				'log.db',
				error instanceof Error ? error.message : String(error),
				error instanceof UserError && error.hint !== ''
					? error.hint
					: 'Move the file away, and a new log is made.',
			],
		]);
		return {findings, sources: []};
	}
}
