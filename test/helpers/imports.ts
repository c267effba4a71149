import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';

export type Import = {readonly from: string; readonly to: string};

const pattern =
	/^[\t ]*(?:import|export)\b[^'"`;]+?\bfrom\s+'(?<bound>[^']+)'|^[\t ]*import\s+'(?<bare>[^']+)'|\bimport\(\s*'(?<dynamic>[^']+)'/gmv;

/**
Every import in a text, dynamic ones too. Local targets become paths relative to the root, with the ending `.ts` also where the file is a `.tsx`; packages stay as written.
*/
export function importsIn(from: string, text: string): Import[] {
	return Array.from(text.matchAll(pattern), ({groups}) => {
		const target = groups!['bound'] ?? groups!['bare'] ?? groups!['dynamic']!;

		return {
			from: from.replace(/\.tsx$/v, '.ts'),
			to: target.startsWith('.')
				? path.posix
						.join(path.posix.dirname(from), target)
						.replace(/\.js$/v, '.ts')
				: target,
		};
	});
}

/**
Every source file below a folder, with its text.
*/
export function readSources(
	root: string,
): Array<{readonly file: string; readonly text: string}> {
	return readdirSync(root, {recursive: true, encoding: 'utf8'})
		.filter(file => /\.tsx?$/v.test(file))
		.map(file => ({
			file: file.replaceAll(path.sep, '/'),
			text: readFileSync(path.join(root, file), 'utf8'),
		}));
}
