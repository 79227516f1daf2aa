#!/usr/bin/env -S node --max-old-space-size=96 --max-semi-space-size=8
console.log('placeholder');
