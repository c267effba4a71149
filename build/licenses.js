import {existsSync, readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';

/**
Licences under which a package may be part of the bundle, as long as its notice is too.
*/
const known = new Set([
	'0BSD',
	'Apache-2.0',
	'BSD-2-Clause',
	'BSD-3-Clause',
	'ISC',
	'MIT',
	'Unlicense',
]);

/**
Packages that come without the text of their licence, which is MIT, with the copyright notice of their source.
*/
const withoutText = {
	'yoga-layout': 'Copyright (c) Meta Platforms, Inc. and affiliates.',
};

/**
The words of the MIT licence, from our own.

@param {string} copyright The notice that stands in it.
*/
const mit = copyright =>
	readFileSync('license', 'utf8')
		.trim()
		.replace(/^Copyright .*$/m, () => copyright);

const isLicense = file =>
	/^(?:un)?(?:licen[cs]es?|copying|notice)\b/i.test(file) &&
	!/\.(?:[cm]?[jt]s|json|map)$/i.test(file);

/**
The licences of all packages that are in the bundle, with those of what is copied into them, as one text.

@param {import('esbuild').Metafile} metafile What esbuild says of the bundle.
@throws {Error} For a package without a licence text, or under a licence that is not known here.
*/
export function licenses({outputs}) {
	const inputs = Object.values(outputs).flatMap(output =>
		Object.entries(output.inputs)
			.filter(([, {bytesInOutput}]) => bytesInOutput > 0)
			.map(([file]) => file),
	);
	const roots = new Set(
		inputs
			.filter(file => file.includes('node_modules/'))
			.map(file => packageOf(file)),
	);

	// Of one version there may be several copies.
	return [...new Set([...roots].map(root => noticeOf(root)))]
		.toSorted((left, right) => left.localeCompare(right, 'en'))
		.join('\n');
}

function packageOf(file) {
	let folder = path.dirname(path.resolve(file));

	// A manifest inside a package that has no name only sets the kind of its modules.
	while (!hasName(path.join(folder, 'package.json'))) {
		folder = path.dirname(folder);
	}

	return folder;
}

const hasName = file =>
	existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).name !== undefined;

function noticeOf(root) {
	const {name, version, license} = JSON.parse(
		readFileSync(path.join(root, 'package.json'), 'utf8'),
	);

	if (!known.has(license)) {
		throw new Error(
			`${name} is in the bundle under the licence ${license}, which build/licenses.js does not know.`,
		);
	}

	const files = readdirSync(root, {recursive: true})
		.filter(
			file =>
				!file.split(path.sep).includes('node_modules') &&
				isLicense(path.basename(file)),
		)
		.toSorted((left, right) => left.localeCompare(right, 'en'));

	const isKnown = license === 'MIT' && Object.hasOwn(withoutText, name);

	if (files.length === 0 && !isKnown) {
		throw new Error(`${name} is in the bundle and has no licence text.`);
	}

	return [
		`${name} ${version} (${license})`,
		'='.repeat(72),
		...(files.length === 0
			? [mit(withoutText[name])]
			: files.map(file => readFileSync(path.join(root, file), 'utf8').trim())),
		'',
	].join('\n\n');
}
