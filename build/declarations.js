import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/**
Write the types of what an entry exports, and of whatever those types name, into a folder.

@param {string} entry A file below `source/`.
@param {string} folder Where to write them.
@throws {Error} When they name a package: whoever installs ours does not have it.
*/
export function declarations(entry, folder) {
	const {config} = ts.readConfigFile('tsconfig.json', ts.sys.readFile);
	const {options} = ts.parseJsonConfigFileContent(config, ts.sys, '.');
	const program = ts.createProgram([entry], {
		...options,
		noEmit: false,
		declaration: true,
		emitDeclarationOnly: true,
		// The type check is a step of its own.
		noCheck: true,
		rootDir: 'source',
		outDir: folder,
	});
	const texts = new Map();
	const {diagnostics} = program.emit(undefined, (file, text) => {
		texts.set(path.normalize(file), text);
	});

	if (diagnostics.length > 0) {
		throw new Error(
			ts.formatDiagnostics(diagnostics, {
				getCanonicalFileName: file => file,
				getCurrentDirectory: ts.sys.getCurrentDirectory,
				getNewLine: () => '\n',
			}),
		);
	}

	const first = path.join(
		folder,
		`${path.relative('source', entry).replace(/\.ts$/, '')}.d.ts`,
	);

	for (const file of reached(first, texts)) {
		mkdirSync(path.dirname(file), {recursive: true});
		writeFileSync(file, texts.get(file));
	}
}

function reached(first, texts) {
	const files = new Set();
	const queue = [first];

	while (queue.length > 0) {
		const file = queue.pop();

		if (files.has(file)) {
			continue;
		}

		files.add(file);

		for (const {fileName} of ts.preProcessFile(texts.get(file)).importedFiles) {
			if (!fileName.startsWith('.')) {
				throw new Error(`The types in ${file} need the package ${fileName}.`);
			}

			queue.push(
				path.join(path.dirname(file), fileName.replace(/\.js$/, '.d.ts')),
			);
		}
	}

	return files;
}
