import process from 'node:process'; console.log(1); export {process};
