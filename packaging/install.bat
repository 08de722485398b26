@echo off
rem Install, upgrade, take back on Windows: install.bat C:\heng [--region FOLDER] [--back]
chcp 65001 >nul
set FOUND=
if defined PYTHON call :look "%PYTHON%"
if not defined FOUND call :look py -3
if not defined FOUND call :look python
if not defined FOUND goto none
%FOUND% "%~dp0install.py" %*
exit /b %errorlevel%

:look
%* -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul && set FOUND=%*
exit /b 0

:none
echo No Python 3.11 or newer was found. Install one from python.org, or: set PYTHON=C:\path\python.exe
exit /b 1
